// What people's decisions make of photos and students.

/** @typedef {import("./types.d.ts").Row} Row */
/** @typedef {import("./types.d.ts").Said} Said */
/** @typedef {import("./types.d.ts").Meta} Meta */
/** @typedef {"done" | "granted" | "collected" | "review" | "reprocess" | "retake" | "missing"} Status */

/** What was decided last, whether it counts or not. @param {Row} row @returns {Said | null} */
export const lastChoice = (row) => [...row.said].reverse().find((said) => said.decision) ?? null;

/** Whether a person has anything to decide here. @param {Row} row */
export const isOpenTo = (row) => isAcceptable(row) || isGrantable(row);

/** Whether a person may say that it will do, or not: of a shot that was taken again nobody need. @param {Row} row */
export const isAcceptable = (row) => row.verdict === "review" && row.fate !== "retaken";

/** Whether a person may grant it although a rule fails. @param {Row} row */
export const isGrantable = (row) => row.verdict === "fail" && row.overridable;

/** Whether people's last words on it differ. @param {Row} row */
export function isDisputed(row) {
  const choices = row.said.filter((said) => said.decision).map((said) => `${said.decision} ${said.student}`);
  return new Set(choices).size > 1;
}

/** What counts of what was said. @param {Row} row @returns {Said | null} */
export function decided(row) {
  const last = lastChoice(row);
  if (!last || row.unused || isDisputed(row) || row.fate === "retaken") return null;
  // Of a photo that passes it can only be decided whose it is.
  if (row.verdict === "pass") return last.student && last.decision !== "reject" ? last : null;
  if (!isOpenTo(row) || (row.nobodys && !last.student && last.decision !== "reject")) return null;
  return row.verdict === "fail" && last.decision !== "override" ? null : last;
}

/** What is to be done for the photo. @param {Row} row @returns {Status} */
export function statusOf(row) {
  if (row.fate === "displaced") return "retake";
  // It has been done already.
  if (row.fate === "retaken") return "done";
  const choice = decided(row)?.decision;
  if (row.verdict === "review") return choice ? (choice === "reject" ? "retake" : "done") : "review";
  if (row.verdict === "fail" && choice) return "granted";
  if (row.verdict === "pass") return "done";
  return row.mendable ? "reprocess" : "retake";
}

/** Whether the photo waits for a person. @param {Row} row */
export const isWaiting = (row) => statusOf(row) === "review" && !row.fate;

const BEST = /** @type {Status[]} */ (["done", "granted", "review", "reprocess", "retake"]);

/** What is to be done for each student of the roster; of several photos the best counts. @param {Meta} meta @param {Row[]} rows */
export function studentStatuses(meta, rows) {
  const unshot = (/** @type {import("./types.d.ts").Student} */ student) => /** @type {Status} */ (student.collected ? "collected" : "missing");
  const statuses = meta.students.map(unshot);
  for (const row of rows) {
    if (row.student === null) continue;
    const status = statusOf(row);
    const known = statuses[row.student];
    if (!BEST.includes(known) || BEST.indexOf(status) < BEST.indexOf(known)) statuses[row.student] = status;
  }
  return statuses;
}
