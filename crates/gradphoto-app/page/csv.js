// The file of decisions (RFC 4180).

/** @typedef {import("./types.d.ts").Row} Row */
/** @typedef {import("./types.d.ts").Choice} Choice */

const HEADS = ["photo", "sha256", "decision", "note", "student", "who"];

/** A spreadsheet must not take a cell for a formula: an apostrophe goes in front, and comes off again in `plain`. */
const line = (/** @type {string[]} */ cells) => cells.map((cell) => {
  const safe = /^[=+\-@\t\r']/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}).join(",");
const plain = (/** @type {string} */ cell) => (/^'[=+\-@\t\r']/.test(cell) ? cell.slice(1) : cell);

/** @param {Row[]} rows */
export function decisionsToCsv(rows) {
  const told = rows.flatMap((row) => row.said.map((said) => ({ row, said }))).filter(({ said }) => said.decision || said.note);
  const lines = told.map(({ row, said }) => [row.photo, row.sha256, said.decision ?? "", said.note, said.student, said.who]);
  return `\uFEFF${[HEADS, ...lines].map(line).join("\r\n")}\r\n`;
}

/**
 * @param {string} content
 * @returns {{photo: string, sha256: string, decision: Choice | null, note: string, student: string, who: string}[] | null} null where it is another file
 */
export function decisionsFromCsv(content) {
  const [head, ...rows] = cellsOf(content.replace(/^\uFEFF/, ""));
  if (!head || head.slice(0, 4).join() !== HEADS.slice(0, 4).join()) return null;
  return rows.map(([photo = "", sha256 = "", decision = "", note = "", student = "", who = ""]) => ({
    photo: plain(photo), sha256, decision: /** @type {Choice | null} */ (decision || null), note: plain(note), student: plain(student), who: plain(who),
  }));
}

/** @param {string} content */
function cellsOf(content) {
  /** @type {string[][]} */
  const rows = [];
  /** @type {string[]} */
  let row = [];
  let cell = "";
  let quoted = false;
  for (let i = 0; i < content.length; i += 1) {
    const c = content[i];
    if (quoted && c === '"' && content[i + 1] === '"') { cell += '"'; i += 1; }
    else if (c === '"' && (quoted || cell === "")) quoted = !quoted;
    else if (c === "," && !quoted) { row.push(cell); cell = ""; }
    else if ((c === "\n" || c === "\r") && !quoted) {
      if (c === "\r" && content[i + 1] === "\n") i += 1;
      rows.push([...row, cell]);
      row = []; cell = "";
    } else cell += c;
  }
  if (cell || row.length) rows.push([...row, cell]);
  return rows.filter((cells) => cells.some(Boolean));
}
