"use strict";

// The page of one run: what the command found is in #meta, #records (a line of JSON a photo) and #pictures (a line of
// base64 a photo). Nothing is fetched. File names and roster cells are only ever set as text, never as HTML.

const TEXT = {
  zh: {
    title: "毕业照检查报告", summary: "概览", photos: "照片", roster: "名单核对", export: "导出人工结论", import: "导入人工结论",
    print: "打印", language: "English", byRule: "各条规则", byPlace: "各院系班级", searchHint: "搜索姓名、学号、文件名 ( / )",
    reset: "清除筛选", accept: "通过", override: "人工放行", reject: "退回重拍", undo: "撤销", noteHint: "备注",
    reasonHint: "放行理由（必填）", studentHint: "是谁的照片：填学号", whose: "属于", beside: "相关照片", needsReason: "人工放行必须先写明理由。",
    needsStudent: "通过前须写明是哪名学生的照片。", nothing: "没有符合条件的照片。",
    total: "照片总数", pass: "合格", fail: "不合格", review: "待确认", unread: "无法读取", decided: "人工已确认",
    rule: "规则", clause: "条款", share: "比例", place: "院系 / 专业 / 班级", allVerdicts: "全部结果", allRules: "全部规则",
    allPlaces: "全部院系", allDecisions: "人工结论：不限", undecided: "待确认", accepted: "人工通过", overridden: "人工放行", granted: "人工放行", rejected: "人工退回",
    shown: (n, all) => `${n} / ${all} 张`, required: "应为", details: "详细：各项测得值与要求", notAssessed: "未判定", advice: "建议",
    department: "院系", students: "人数", done: "已合格", undone: "待确认", retake: "需重拍", missing: "未拍",
    settled: "结论已由规则得出，无需人工确认；可写备注。", reading: "名册读入情况", departments: "各院系拍摄进度",
    lists: {
      missing: "没有照片的学生", surplus: "名册外的照片", ambiguous: "文件名对应多名学生", conflict: "号码与姓名不符",
      "several-photos": "一人多张照片", "same-file": "完全相同的文件", "same-picture": "同一张照片", roster: "名册中的证件号码有误",
      "file-name": "文件名中的证件号码有误", unused: "未采用的人工结论",
    },
    value: "测得", limit: "应为", none: "（未分组）", imported: (n) => `已导入 ${n} 条人工结论。`,
    badCsv: "这不是从本报告导出的人工结论文件：第一行应有 photo、sha256、decision 三列。",
    unmatched: (n) => `其中 ${n} 条与本报告的照片不符（照片已更换或不在本报告内），未采用。`,
  },
  en: {
    title: "Graduation photo report", summary: "Summary", photos: "Photos", roster: "Roster", export: "Export decisions",
    import: "Import decisions", print: "Print", language: "中文", byRule: "By rule", byPlace: "By department and class",
    searchHint: "Search name, number, file ( / )", reset: "Clear filters", accept: "Accept", override: "Grant", reject: "Reject", undo: "Undo",
    reasonHint: "Reason for granting (needed)", studentHint: "Whose photo: student number", whose: "Belongs to", beside: "Related photos",
    needsReason: "Write the reason first.", needsStudent: "Say first whose photo it is.",
    noteHint: "Note", nothing: "No photo matches.", total: "Photos", pass: "Pass", fail: "Fail", review: "Review",
    unread: "Unreadable", decided: "Decided by a person", rule: "Rule", clause: "Clause", share: "Share",
    place: "Department / major / class", allVerdicts: "All results", allRules: "All rules", allPlaces: "All departments",
    allDecisions: "Any decision", undecided: "Awaiting a person", accepted: "Accepted", overridden: "Granted", granted: "Granted", rejected: "Rejected",
    shown: (n, all) => `${n} of ${all} photos`, required: "required", details: "Details: everything measured and required",
    department: "Department", students: "Students", done: "Done", undone: "To review", retake: "Retake", missing: "No photo",
    settled: "The rules decide this photo; a note may be written.", reading: "How the roster was read", departments: "Departments",
    lists: {
      missing: "Students without a photo", surplus: "Photos of nobody on the roster", ambiguous: "Names of several students",
      conflict: "Number and name disagree", "several-photos": "Several photos of one student", "same-file": "Identical files",
      "same-picture": "The same picture", roster: "Wrong identity numbers on the roster",
      "file-name": "Wrong identity numbers in file names", unused: "Decisions that were not used",
    },
    notAssessed: "Not assessed", advice: "advice", value: "Measured", limit: "Required", none: "(no folder)",
    imported: (n) => `${n} decisions imported.`,
    badCsv: "This is no file of decisions from this report: the first line must have columns photo, sha256 and decision.",
    unmatched: (n) => `${n} of them belong to other photos (replaced, or not in this report) and were left out.`,
  },
};
/** What a person may decide of a photo: what is open, and what the school lets people grant. */
const choices = (photo) => (photo.verdict === "review" || photo.decided?.[2] ? ["accept", "reject"] : photo.overridable ? ["override"] : []);
const DECIDED = { accept: "accepted", override: "overridden", reject: "rejected" };
const VERDICTS = ["fail", "review", "unread", "pass"];
const GRAVITY = ["fail", "review", "not-assessed", "advice"];
const MARKS = { pass: "✓", fail: "✗", review: "?", unread: "!", "not-assessed": "–" };

const byId = (id) => document.getElementById(id);
const meta = JSON.parse(byId("meta").textContent);
const photos = byId("records").textContent.trim().split("\n").filter(Boolean).map((line) => JSON.parse(line));
// What fails a photo comes first, in lists and numbers and on top of the picture.
for (const photo of photos) photo.found?.sort(([, a], [, b]) => GRAVITY.indexOf(a) - GRAVITY.indexOf(b));
const pictures = lineIndex(byId("pictures").textContent);
const decisions = new Decisions(`gradphoto:${meta.profile}`);
const filters = byId("filters");
const state = { language: meta.language, shown: photos.map((_, index) => index), current: 0 };
const text = (key) => TEXT[state.language][key];

/** Finds line `index` of a very long text without copying the whole. */
function lineIndex(lines) {
  const starts = [0];
  for (let at = lines.indexOf("\n"); at >= 0; at = lines.indexOf("\n", at + 1)) starts.push(at + 1);
  return (index) => lines.slice(starts[index], starts[index + 1] ?? lines.length).trim();
}

/** An element with attributes and children; strings become text. */
function make(tag, attributes = {}, ...children) {
  const svg = ["svg", "g", "rect", "text"].includes(tag);
  const element = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== null && value !== false) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** What people decided, kept in this browser. */
function Decisions(key) {
  let kept = {};
  try { kept = JSON.parse(localStorage.getItem(key)) ?? {}; } catch { /* no storage here: decisions live until export */ }
  const save = () => { try { localStorage.setItem(key, JSON.stringify(kept)); } catch { /* as above */ } };
  // A file's bytes and the student: what was decided stays when the folder is moved.
  const fileOf = (name) => name.split(/[\\/]/).pop();
  const keyOf = (photo) => `${photo.sha256}\n${photo.key || fileOf(photo.photo)}`;
  const given = (photo) => ({ decision: photo.decided?.[0] ?? "", note: photo.decided?.[1] ?? "", student: photo.decided?.[2] ?? "" });
  // What --decisions told stands until a person changes it here.
  this.of = (photo) => kept[keyOf(photo)] ?? given(photo);
  this.set = (photo, change) => {
    const now = { ...this.of(photo), ...change };
    if (now.decision || now.note || now.student || photo.decided) kept[keyOf(photo)] = now; else delete kept[keyOf(photo)];
    save();
  };
  this.count = () => photos.filter((photo) => this.of(photo).decision).length;
  this.toCsv = () => {
    const rows = photos.map((photo) => [photo, this.of(photo)]).filter(([, { decision, note }]) => decision || note)
      .map(([photo, { decision, note, student }]) => [photo.photo, photo.sha256, student || photo.key || "", decision, note]);
    return `\uFEFF${[["photo", "sha256", "student", "decision", "note"], ...rows].map(csvLine).join("\r\n")}\r\n`;
  };
  this.fromCsv = (content) => {
    const [head, ...rows] = parseCsv(content.replace(/^\uFEFF/, ""));
    if (!["photo", "sha256", "decision"].every((name) => head?.includes(name))) return null;
    const known = new Map(photos.map((photo) => [keyOf(photo), photo]));
    const named = new Map(photos.map((photo) => [`${photo.sha256}\n${fileOf(photo.photo)}`, photo]));
    let imported = 0, unmatched = 0;
    for (const row of rows) {
      const cell = (name) => plain(row[head.indexOf(name)] ?? "");
      const [name, sha256, student, decision, note] = ["photo", "sha256", "student", "decision", "note"].map(cell);
      const photo = known.get(`${sha256}\n${student}`) ?? named.get(`${sha256}\n${fileOf(name)}`);
      const fits = photo && (decision === "" || choices(photo).includes(decision));
      if (fits) kept[keyOf(photo)] = { decision, note, student: student === photo.key ? "" : student };
      if (fits) imported += 1; else unmatched += 1;
    }
    save();
    return { imported, unmatched };
  };
}

/** A spreadsheet must not take a cell for a formula: an apostrophe goes in front, and comes off again in `plain`. */
const csvLine = (cells) => cells.map((cell) => {
  const safe = /^[=+\-@\t\r']/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}).join(",");
const plain = (cell) => (/^'[=+\-@\t\r']/.test(cell) ? cell.slice(1) : cell);

/** Rows of cells (RFC 4180). */
function parseCsv(content) {
  const rows = [];
  let row = [], cell = "", quoted = false;
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

/** Control characters, such as those that turn the direction of writing, made visible: a name must not hide what it is. */
const visible = (name) => name.replace(
  /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, (c) => `⟨U+${c.charCodeAt(0).toString(16).padStart(4, "0")}⟩`,
);
const placeOf = (photo) => photo.place.map(visible).join(" / ");
const nameOf = (photo) => [photo.who, photo.photo.split(/[\\/]/).pop()].filter(Boolean).map(visible).join(" · ");
const sourceOf = (index) => (pictures(index) ? `data:image/jpeg;base64,${pictures(index)}` : "");
const rulesOf = (photo) => [
  ...(photo.found ?? []).map(([rule]) => meta.rules[rule]), ...photo.notes.map(([rule]) => meta.across[rule]),
];
const searchable = photos.map((photo) => `${photo.photo}\n${photo.who ?? ""}\n${placeOf(photo)}`.toLowerCase());
const count = (items) => items.reduce((counts, item) => counts.set(item, (counts.get(item) ?? 0) + 1), new Map());

// ---- Summary

function showSummary() {
  const verdicts = count(photos.map((photo) => photo.verdict));
  const tile = (kind, number, label, filter) => make(
    "button", { class: kind, onclick: () => openPhotos(filter) },
    make("b", {}, String(number)),
    make("span", {}, label),
    " ", make("small", {}, photos.length ? `${((100 * number) / photos.length).toFixed(1)}%` : ""),
  );
  byId("tiles").replaceChildren(
    tile("", photos.length, text("total"), {}),
    ...["pass", "fail", "review", "unread"].map((kind) => tile(kind, verdicts.get(kind) ?? 0, text(kind), { verdict: kind })),
    tile("", decisions.count(), text("decided"), { decision: "decided" }),
  );
  showBars("by-rule", [text("rule"), text("clause")], ruleRows(), ["fail", "review", "advice"]);
  showBars("by-place", [text("place")], placeRows(), ["pass", "review", "fail", "unread"]);
}

function ruleRows() {
  const hits = meta.rules.map((rule) => ({
    cells: [rule.name[state.language], rule.clause], filter: { rule: rule.id }, counts: new Map(), all: photos.length,
  }));
  for (const photo of photos) {
    for (const [rule, verdict] of photo.found ?? []) {
      const kind = verdict === "not-assessed" ? "review" : verdict;
      hits[rule].counts.set(kind, (hits[rule].counts.get(kind) ?? 0) + 1);
    }
  }
  const number = (row) => (row.counts.get("fail") ?? 0) * 1e6 + (row.counts.get("review") ?? 0);
  return hits.filter((row) => row.counts.size).sort((a, b) => number(b) - number(a));
}

function placeRows() {
  const places = new Map();
  for (const photo of photos) {
    const place = placeOf(photo);
    if (!places.has(place)) {
      places.set(place, { cells: [place || text("none")], filter: { place }, counts: new Map(), all: 0 });
    }
    const row = places.get(place);
    row.all += 1;
    row.counts.set(photo.verdict, (row.counts.get(photo.verdict) ?? 0) + 1);
  }
  return [...places.values()];
}

function showBars(id, heads, rows, kinds) {
  const head = [...heads, ...kinds.map(text), text("share")].map((label, column) => make(
    "th", { class: column >= heads.length && column < heads.length + kinds.length ? "number" : null }, label,
  ));
  const line = (row) => make(
    "tr", { onclick: () => openPhotos(row.filter), tabindex: 0 },
    ...row.cells.map((cell) => make("td", {}, cell)),
    ...kinds.map((kind) => make("td", { class: "number" }, String(row.counts.get(kind) ?? 0))),
    make("td", { class: "bar-cell" }, make("div", { class: "stack" }, ...kinds.map((kind) => make(
      "i", { class: kind, style: row.counts.get(kind) ? `width:${(100 * row.counts.get(kind)) / row.all}%` : "display:none" },
    )))),
  );
  byId(id).replaceChildren(make("thead", {}, make("tr", {}, ...head)), make("tbody", {}, ...rows.map(line)));
}

// ---- Contact sheet

const TILE = { width: 158, height: 254 };
let columns = 1;

function fillFilters() {
  const option = (value, label) => make("option", { value }, label);
  const fill = (name, ...options) => {
    const chosen = filters[name].value;
    filters[name].replaceChildren(...options);
    filters[name].value = chosen;
    if (filters[name].selectedIndex < 0) filters[name].selectedIndex = 0;
  };
  const hits = count(photos.flatMap((photo) => [...new Set(rulesOf(photo))]));
  fill("verdict", option("", text("allVerdicts")), ...VERDICTS.map((verdict) => option(verdict, text(verdict))));
  fill("rule", option("", text("allRules")), ...[...meta.rules, ...meta.across].flatMap((rule) => (
    hits.has(rule) ? [option(rule.id, `${rule.name[state.language]} (${hits.get(rule)})`)] : [])));
  fill("place", option("", text("allPlaces")), ...prefixes().map((place) => option(place, place)));
  fill("decision", option("", text("allDecisions")), option("undecided", text("undecided")),
    option("accept", text("accepted")), option("override", text("overridden")), option("reject", text("rejected")), option("decided", text("decided")));
}

/** Every department, major and class, each before what it contains; also departments on the roster without a photo. */
function prefixes() {
  const all = new Set();
  for (const photo of photos) {
    const names = photo.place.map(visible);
    names.forEach((_, depth) => all.add(names.slice(0, depth + 1).join(" / ")));
  }
  return [...all, ...new Set(meta.students.map(visible).filter((department) => department && !all.has(department)))];
}

function matches(photo, index, wanted) {
  const place = placeOf(photo);
  const { decision } = decisions.of(photo);
  const decided = { undecided: photo.verdict === "review" && !decision && !photo.aside, decided: Boolean(decision) }[wanted.decision];
  return (!wanted.text || searchable[index].includes(wanted.text.toLowerCase()))
    && (!wanted.verdict || photo.verdict === wanted.verdict)
    && (!wanted.rule || rulesOf(photo).some((rule) => rule.id === wanted.rule))
    && (!wanted.place || place === wanted.place || place.startsWith(`${wanted.place} / `))
    && (!wanted.decision || (decided ?? decision === wanted.decision));
}

/** Shows what the filters leave, from its top. */
function applyFilters() {
  filterPhotos();
  byId("sheet").scrollTop = 0;
  layOut();
}

function filterPhotos() {
  const wanted = Object.fromEntries(new FormData(filters));
  state.shown = photos.flatMap((photo, index) => (matches(photo, index, wanted) ? [index] : []));
  byId("count").textContent = text("shown")(state.shown.length, photos.length);
  byId("nothing").hidden = state.shown.length > 0;
  byId("sheet").hidden = state.shown.length === 0;
}

/** Makes only the tiles in sight: a school has thousands. */
function layOut() {
  const sheet = byId("sheet");
  columns = Math.max(1, Math.floor((sheet.clientWidth - 8) / TILE.width));
  byId("tiles-area").style.height = `${Math.ceil(state.shown.length / columns) * TILE.height + 8}px`;
  const first = Math.max(0, Math.floor(sheet.scrollTop / TILE.height) - 1) * columns;
  const last = (Math.ceil((sheet.scrollTop + sheet.clientHeight) / TILE.height) + 1) * columns;
  byId("tiles-area").replaceChildren(...state.shown.slice(first, last).map((index, i) => tile(index, first + i)));
}

function tile(index, position) {
  const photo = photos[index];
  const { decision } = decisions.of(photo);
  const left = 6 + (position % columns) * TILE.width;
  const top = 6 + Math.floor(position / columns) * TILE.height;
  const why = photo.error ? photo.error[state.language] : (photo.found ?? []).map(([, , , , , name]) => name[state.language]).join("、");
  return make(
    "button", { class: "tile", style: `left:${left}px;top:${top}px`, title: visible(photo.photo), "data-index": index, onclick: () => view(position) },
    sourceOf(index) ? make("img", { src: sourceOf(index), alt: "", decoding: "async" }) : make("span", { class: "none" }),
    make("span", { class: `badge ${photo.verdict}` }, `${MARKS[photo.verdict]} ${text(photo.verdict)}`),
    decision ? make("span", { class: `badge decided ${decision === "reject" ? "fail" : "pass"}` }, text(DECIDED[decision])) : null,
    make("span", { class: "name" }, nameOf(photo)),
    make("span", { class: "why" }, why),
  );
}

function openPhotos(filter) {
  filters.reset();
  for (const [name, value] of Object.entries(filter)) filters[name].value = value;
  openTab("photos");
  applyFilters();
}

// ---- One photo

function view(position) {
  state.current = position;
  const index = state.shown[position];
  const photo = photos[index];
  showPicture(photo, sourceOf(index));
  byId("caption").textContent = [photo.photo, placeOf(photo), photo.who].filter(Boolean).map(visible).join("　");
  byId("position").textContent = `${position + 1} / ${state.shown.length}`;
  byId("photo-verdict").textContent = `${MARKS[photo.verdict]} ${text(photo.verdict)}`;
  byId("photo-verdict").className = photo.verdict;
  showRegions(photo);
  showDecision(photo);
  byId("findings").replaceChildren(
    ...beside(photo, index),
    ...photo.notes.map(([rule, zh, en]) => make(
      "p", { class: "across" }, make("b", {}, meta.across[rule].name[state.language]), "　", visible(state.language === "zh" ? zh : en),
    )),
    ...(photo.error ? [make("p", {}, visible(photo.error[state.language]))] : findings(photo)),
  );
  byId("findings").scrollTop = 0;
  if (!byId("viewer").open) byId("viewer").showModal();
}

/** Other photos that the same finding concerns, to look at side by side. */
function beside(photo, index) {
  const others = [...new Set(meta.findings.filter(({ photos: places }) => places.includes(index)).flatMap(({ photos: places }) => places))];
  const shown = others.filter((place) => place !== index).slice(0, 12);
  if (!shown.length) return [];
  return [make("h3", {}, text("beside")), make("div", { class: "beside" }, ...shown.map((place) => make(
    "button", { onclick: () => viewOnly(place), title: visible(photos[place].photo) },
    sourceOf(place) ? make("img", { src: sourceOf(place), alt: "" }) : make("span", { class: "none" }),
    make("span", { class: "name" }, nameOf(photos[place])),
    decisions.of(photos[place]).decision ? make("b", {}, text(DECIDED[decisions.of(photos[place]).decision])) : null,
  )))];
}

/** The small picture at once, then the photo itself where it lies beside the page, as it was when it was checked. */
function showPicture(photo, small) {
  byId("picture").src = small;
  if (!photo.link) return;
  const whole = new Image();
  whole.onload = () => {
    const isSame = whole.naturalWidth === photo.size?.[0] && whole.naturalHeight === photo.size?.[1];
    if (isSame && currentPhoto() === photo) byId("picture").src = whole.src;
  };
  whole.src = photo.link;
}

function findings(photo) {
  const listed = photo.found.map(([rule, verdict, zh, en, , name], number) => {
    const { limit, clause, severity, figure } = meta.rules[rule];
    const light = (lit) => () => byId("regions").querySelector(`[data-number="${number}"]`)?.classList.toggle("lit", lit);
    return make(
      "div", { class: `finding ${verdict}`, onmouseenter: light(true), onmouseleave: light(false) },
      make("span", { class: "index" }, String(number + 1)),
      make("span", { class: "rule" }, `${name[state.language]}  `, make("small", {}, clause), severity === "advise" ? `（${text("advice")}）` : ""),
      make("span", { class: "value" }, ...(figure && photo.values[rule] ? [make("b", {}, photo.values[rule]), `  ${text("required")} ${limit[state.language]}`] : [])),
      make("span", { class: "reason" }, state.language === "zh" ? zh : en),
    );
  });
  const all = meta.rules.map((rule, index) => make(
    "tr", {}, make("td", {}, rule.name[state.language]), make("td", { class: "number" }, photo.values[index] ?? text("notAssessed")),
    make("td", {}, rule.limit[state.language]), make("td", {}, rule.clause),
  ));
  return [...listed, make("details", { open: listed.length ? null : "" }, make("summary", {}, text("details")), make("table", {}, ...all))];
}

function showRegions(photo) {
  const [width, height] = photo.size ?? [1, 1];
  byId("regions").setAttribute("viewBox", `0 0 ${width} ${height}`);
  const letters = height / 28;
  byId("regions").replaceChildren(...(photo.found ?? []).flatMap(([, verdict, , , region], number) => {
    if (!region) return [];
    const [x, y, w, h] = region;
    const box = { x, y, width: Math.max(w, 1), height: Math.max(h, 1) };
    const isSmall = box.width < 3 * letters || box.height < 2 * letters;
    const label = { x: Math.max(x, 2) + letters * 0.2, y: Math.max(y + (isSmall ? -0.35 : 1) * letters, letters) };
    return [make(
      "g", { class: verdict, "data-number": number },
      make("rect", { ...box, class: "halo" }), make("rect", box),
      make("text", { ...label, "font-size": letters }, String(number + 1)),
    )];
  }).reverse());
}

function showDecision(photo) {
  const { decision, note, student } = decisions.of(photo);
  const open = choices(photo);
  for (const choice of ["accept", "override", "reject"]) {
    byId(choice).setAttribute("aria-pressed", String(decision === choice));
    byId(choice).hidden = !open.includes(choice);
  }
  byId("note").value = note;
  byId("note").placeholder = text(open.includes("override") ? "reasonHint" : "noteHint");
  byId("undo").hidden = !open.length;
  byId("settled").hidden = open.length > 0;
  // Whose photo it is must be said where no name or too many fit.
  byId("student").hidden = !needsStudent(photo);
  byId("student").value = student ?? "";
  byId("students").replaceChildren(...photo.candidates.map(([key, who]) => make("option", { value: key }, visible(who))));
}

const currentPhoto = () => photos[state.shown[state.current]];

const needsStudent = (photo) => meta.roster && photo.verdict !== "unread" && (photo.student === null || Boolean(photo.decided?.[2]));

function decide(change) {
  const photo = currentPhoto();
  if (change.decision && !choices(photo).includes(change.decision)) return;
  const { note, student } = decisions.of(photo);
  if (change.decision === "override" && !note.trim()) { alert(text("needsReason")); byId("note").focus(); return; }
  if (change.decision === "accept" && needsStudent(photo) && !student) { alert(text("needsStudent")); byId("student").focus(); return; }
  decisions.set(currentPhoto(), change);
  showDecision(currentPhoto());
  layOut();
  showSummary();
  showRoster();
}

function step(by) {
  const position = state.current + by;
  if (position >= 0 && position < state.shown.length) view(position);
}

// ---- Roster

function showRoster() {
  const lists = new Map();
  for (const finding of meta.findings) lists.set(finding.kind, [...(lists.get(finding.kind) ?? []), finding]);
  if (meta.unused.length) lists.set("unused", meta.unused);
  document.querySelector("[data-tab=roster]").hidden = lists.size + meta.students.length === 0;
  byId("departments").hidden = meta.students.length === 0;
  showBars("by-department", [text("department"), text("students")], departmentRows(), ["done", "granted", "undone", "retake", "missing"]);
  byId("reading").replaceChildren(...(meta.reading.length ? [make("h2", {}, text("reading")), make("ul", {}, ...meta.reading.map((line) => make("li", {}, visible(line[state.language]))))] : []));
  byId("lists").replaceChildren(...[...lists].flatMap(([kind, found]) => [
    make("h2", {}, `${text("lists")[kind] ?? kind} (${found.length})`),
    make("ul", {}, ...found.map(({ reason, photos: places, photo }) => make(
      "li", {}, visible(reason[state.language]), ...(photo ? [` [${visible(photo)}]`] : []),
      ...(places ?? []).map((place) => make("button", { class: "link", onclick: () => viewOnly(place) }, visible(photos[place].photo))),
    ))),
  ]));
}

/** Students of each department by what is to be done; of several photos of a student the best counts. */
function departmentRows() {
  const order = ["done", "granted", "undone", "retake", "missing"];
  const best = meta.students.map(() => "missing");
  for (const photo of photos.filter((photo) => photo.student !== null && !photo.aside)) {
    const { decision } = decisions.of(photo);
    const open = { accept: "done", override: "done", reject: "retake" }[decision] ?? (photo.displaced ? "retake" : "undone");
    const status = { pass: "done", review: open, fail: decision === "override" ? "granted" : "retake" }[photo.verdict] ?? "retake";
    if (order.indexOf(status) < order.indexOf(best[photo.student])) best[photo.student] = status;
  }
  const rows = new Map();
  meta.students.forEach((department, student) => {
    if (!rows.has(department)) rows.set(department, { counts: new Map(), all: 0, filter: { place: visible(department) } });
    const row = rows.get(department);
    row.all += 1;
    row.counts.set(best[student], (row.counts.get(best[student]) ?? 0) + 1);
  });
  return [...rows].map(([department, row]) => ({ ...row, cells: [visible(department) || text("none"), String(row.all)] }));
}

/** Opens a photo whatever the filters hide. */
function viewOnly(place) {
  openPhotos({});
  view(state.shown.indexOf(place));
}

// ---- The page

function openTab(name) {
  for (const tab of document.querySelectorAll("[data-tab]")) {
    tab.setAttribute("aria-selected", String(tab.dataset.tab === name));
    byId(tab.dataset.tab).hidden = tab.dataset.tab !== name;
  }
  if (name === "photos") layOut();
}

function translate() {
  document.documentElement.lang = state.language === "zh" ? "zh-CN" : "en";
  document.title = text("title");
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = text(element.dataset.text);
  for (const element of document.querySelectorAll("[data-placeholder]")) element.placeholder = text(element.dataset.placeholder);
  byId("subtitle").textContent = meta.subtitle;
  fillFilters();
  showSummary();
  showRoster();
  applyFilters();
}

/** Slips of the photos shown, for paper: only what is not right. */
function fillPrintList() {
  const isRight = (photo) => (photo.verdict === "pass" && photo.notes.length === 0) || photo.aside;
  const wrong = state.shown.filter((index) => !isRight(photos[index])).slice(0, 2000);
  byId("print-list").replaceChildren(...wrong.map((index) => {
    const photo = photos[index];
    // Rules that lack the same thing say the same, and advice keeps nobody from handing the photo in.
    const told = (photo.found ?? []).filter(([, mark]) => mark !== "advice").map(([, , zh, en]) => ({ zh, en }));
    const notes = photo.notes.map(([, zh, en]) => ({ zh, en }));
    const sentences = [photo.error, ...told, ...notes].filter(Boolean).map((sentence) => visible(sentence[state.language]));
    const reasons = [...new Set(sentences)];
    const { decision, note } = decisions.of(photo);
    const decided = [decision && text(DECIDED[decision]), note && visible(note)].filter(Boolean).join("：");
    return make(
      "div", { class: "slip" },
      sourceOf(index) ? make("img", { src: sourceOf(index), alt: "" }) : make("span"),
      make(
        "div", {}, make("b", {}, nameOf(photo)), ` ${text(photo.verdict)}`, decided ? make("em", {}, `　${decided}`) : null,
        make("ol", {}, ...reasons.map((reason) => make("li", {}, reason))),
      ),
    );
  }));
}

async function importDecisions(file) {
  const result = decisions.fromCsv(await file.text());
  const left = result?.unmatched ? text("unmatched")(result.unmatched) : "";
  alert(result ? text("imported")(result.imported) + left : text("badCsv"));
  translate();
}

function exportDecisions() {
  const link = make("a", { href: URL.createObjectURL(new Blob([decisions.toCsv()], { type: "text/csv" })), download: "decisions.csv" });
  link.click();
  URL.revokeObjectURL(link.href);
}

function onKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.matches("input");
  if (typing) {
    if (event.key === "Enter" && event.target.id === "note") event.target.blur();
    return;
  }
  const viewing = {
    ArrowLeft: () => step(-1), ArrowRight: () => step(1), a: () => decide({ decision: "accept" }),
    o: () => decide({ decision: "override" }), r: () => decide({ decision: "reject" }), u: () => decide({ decision: "" }), n: () => byId("note").focus(),
  };
  const browsing = { "/": () => { openTab("photos"); filters.text.focus(); } };
  const action = (byId("viewer").open ? viewing : browsing)[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (action) { event.preventDefault(); action(); }
}

for (const tab of document.querySelectorAll("[data-tab]")) tab.addEventListener("click", () => openTab(tab.dataset.tab));
filters.addEventListener("input", applyFilters);
filters.addEventListener("reset", () => setTimeout(applyFilters));
filters.addEventListener("submit", (event) => event.preventDefault());
byId("sheet").addEventListener("scroll", () => requestAnimationFrame(layOut), { passive: true });
window.addEventListener("resize", () => requestAnimationFrame(layOut));
window.addEventListener("beforeprint", fillPrintList);
document.addEventListener("keydown", onKey);
byId("accept").addEventListener("click", () => decide({ decision: "accept" }));
byId("override").addEventListener("click", () => decide({ decision: "override" }));
byId("student").addEventListener("input", (event) => decisions.set(currentPhoto(), { student: event.target.value.trim() }));
byId("reject").addEventListener("click", () => decide({ decision: "reject" }));
byId("undo").addEventListener("click", () => decide({ decision: "" }));
byId("note").addEventListener("input", (event) => decisions.set(currentPhoto(), { note: event.target.value }));
byId("previous").addEventListener("click", () => step(-1));
byId("next").addEventListener("click", () => step(1));
byId("close").addEventListener("click", () => byId("viewer").close());
// While photos are looked at one by one, the row of them stays; then the sheet follows what was decided.
byId("viewer").addEventListener("close", () => { filterPhotos(); layOut(); });
byId("export").addEventListener("click", exportDecisions);
byId("import").addEventListener("change", (event) => {
  if (event.target.files[0]) importDecisions(event.target.files[0]);
  event.target.value = "";
});
byId("print").addEventListener("click", () => window.print());
byId("language").addEventListener("click", () => {
  state.language = state.language === "zh" ? "en" : "zh";
  translate();
});
openTab("summary");
translate();
