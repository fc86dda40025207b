// A batch: how far it is, what is to be done next, the photos, the students, the problems.

import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from "./vendor/preact.js";
import { bar } from "./bar.js";
import { isDisputed, isWaiting, lastChoice, statusOf, studentStatuses } from "./decisions.js";
import { OpenFolder } from "./folder.js";
import { Badge, Window, faultsOf, fileName, folded, isCommand, nameOf, placeOf, useKept, wordsOf } from "./parts.js";
import { Profile } from "./profile.js";
import { Review } from "./review.js";
import { asked } from "./served.js";
import { Sheet } from "./sheet.js";
import { Students } from "./students.js";
import { duration, inChinese, say, sentence, told, visible } from "./words.js";

/** @typedef {import("./types.d.ts").Row} Row */
/** @typedef {import("./types.d.ts").Meta} Meta */
/** @typedef {import("./words.js").Key} Key */
/** @typedef {import("./served.js").Served | import("./written.js").Written} Host */
/** @typedef {{text: string, verdict: string, rule: string, place: string, decision: string}} Filter */

/** @typedef {"sheet" | "students" | "rules"} Tab */
const TABS = /** @type {[Tab, Key][]} */ ([["sheet", "subSheet"], ["students", "subStudents"], ["rules", "subRules"]]);
const ALL = /** @type {Filter} */ ({ text: "", verdict: "", rule: "", place: "", decision: "" });

/** @param {{host: Host}} _ */
export function BatchView({ host }) {
  // By their names: a run sorts the photos anew.
  const [queue, setQueue] = useState(/** @type {{folder: string, photos: string[], photo: string} | null} */ (null));
  const [opening, setOpening] = useState(false);
  const [message, setMessage] = useState({ title: "", text: "" });
  const served = host.served ? /** @type {import("./served.js").Served} */ (host) : null;
  const folder = served?.state.folder ?? "";
  const [filter, setFilter] = useKept(`filter ${folder}`, ALL);
  const [tab, setTab] = useKept(`tab ${folder}`, /** @type {Tab} */ ("sheet"));
  const meta = host.meta();
  const rows = host.rows().filter(Boolean);
  const texts = useMemo(() => new Map(rows.map((row) => [row.id, searchable(row, meta)])), [host.rows(), meta]);
  const shown = useMemo(() => {
    const words = wordsOf(filter.text);
    return rows.filter((row) => matches(row, filter, words, meta, texts.get(row.id) ?? ""));
  }, [host.rows(), meta, filter]);
  const waiting = rows.filter(isWaiting);

  const show = (/** @type {Partial<Filter>} */ wanted) => { setFilter({ ...ALL, ...wanted }); setTab("sheet"); };
  const said = (/** @type {Key} */ title) => (/** @type {string} */ text) => setMessage({ title: say(title), text });
  const close = () => setMessage({ title: "", text: "" });
  const view = (/** @type {Row[]} */ list, /** @type {number} */ at) => setQueue({ folder, photos: list.map((row) => row.photo), photo: list[at].photo });
  // One tab alone is on the way of the Tab key; the arrows lead to the others.
  const turn = (/** @type {KeyboardEvent} */ event) => {
    const at = TABS.findIndex(([name]) => name === tab);
    const to = /** @type {Record<string, number>} */ ({ ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: -1 })[event.key];
    const [name] = TABS[(to + TABS.length) % TABS.length] ?? [];
    if (to === undefined || !name) return;
    event.preventDefault();
    setTab(name);
    document.getElementById(`tab-${name}`)?.focus();
  };
  useLayoutEffect(() => {
    const key = (/** @type {KeyboardEvent} */ event) => {
      if (!isCommand(event) || document.querySelector("dialog[open]")) return;
      if (event.key !== "/") return;
      event.preventDefault();
      setTab("sheet");
      const search = () => document.getElementById("search");
      // Whoever types on at once types into the field; on another tab it is there in a moment.
      if (search()) search()?.focus(); else setTimeout(() => search()?.focus());
    };
    addEventListener("keydown", key);
    return () => removeEventListener("keydown", key);
  }, []);

  const queued = useMemo(() => {
    if (queue?.folder !== folder) return [];
    const named = new Map(rows.map((row) => [row.photo, row]));
    return queue.photos.flatMap((photo) => named.get(photo) ?? []);
  }, [host.rows(), queue, folder]);
  // Somebody has opened another folder, or taken the photo away: what was being decided is no longer there.
  const isGone = queue !== null && !queued.some((row) => row.photo === queue.photo);
  useEffect(() => { if (isGone) setQueue(null); }, [isGone]);

  if (served && !served.state.folder) return html`<${OpenFolder} host=${served} onDone=${() => {}} />`;
  if (served && opening) return html`<${OpenFolder} host=${served} onDone=${() => setOpening(false)} />`;

  const statuses = studentStatuses(meta, rows);
  // Before all photos have been looked at, nobody knows who has none.
  const isWhole = !served || (served.run.state !== "running" && served.run.done >= served.run.total);
  return html`
    ${served ? html`<${RunBar} host=${served} onOther=${() => setOpening(true)} onSaid=${said("roster")} onTrouble=${said("tabBatch")} />` : null}
    ${served ? html`<${NextStep} waiting=${waiting.length} run=${served.run} total=${rows.length}
        onReview=${() => view(waiting, 0)} onExport=${() => exported(served.run, said("export"))} />`
      : waiting.length ? html`<${NextStep} waiting=${waiting.length} run=${null} total=${rows.length} onReview=${() => view(waiting, 0)} onExport=${null} />` : null}
    <${Beside} beside=${served ? served.state.beside : meta.beside} />
    <${Tiles} meta=${meta} rows=${rows} statuses=${statuses} waiting=${waiting.length} isWhole=${isWhole} onShow=${show} onMissing=${() => setTab("students")} />
    <div class="toolbar">
      <div class="tabs" role="tablist" onKeyDown=${turn}>${TABS.map(([name, label]) => html`
        <button role="tab" id=${`tab-${name}`} aria-selected=${name === tab} aria-controls="tab-panel" tabindex=${name === tab ? 0 : -1} onClick=${() => setTab(name)}>${say(label)}</button>`)}</div>
      <${Tools} host=${host} onSaid=${said("decided")} />
    </div>
    <div id="tab-panel" role="tabpanel" aria-labelledby=${`tab-${tab}`}>
      ${tab === "sheet" ? html`<${Sheet} host=${host} rows=${shown} all=${rows} isWhole=${isWhole} filter=${filter} onFilter=${setFilter} onView=${(/** @type {number} */ at) => view(shown, at)} />` : null}
      ${tab === "students" ? html`<${Students} host=${host} rows=${rows} statuses=${statuses} isWhole=${isWhole} onShow=${show} onView=${view} />` : null}
      ${tab === "rules" ? html`<${ByRule} meta=${meta} rows=${rows} onShow=${show} />` : null}
    </div>
    ${queue && !isGone ? html`<${Review} host=${host} queue=${queued} photo=${queue.photo} onTurn=${(/** @type {string} */ photo) => setQueue({ ...queue, photo })} onClose=${() => setQueue(null)} />` : null}
    <${Slips} meta=${meta} rows=${shown} />
    ${message.text ? html`<${Window} title=${message.title} onClose=${close}>
      <p class="message" role="status">${message.text}</p><div class="buttons"><button class="primary" autofocus onClick=${close}>${say("yes")}</button></div><//>` : null}`;
}

/** What a slip says, the gravest first: who has to come is not to mend what is advice. */
const SLIP = /** @type {const} */ (["fail", "review", "advice"]);

/** On paper: each photo that is shown and has to be mended, with what is wrong. @param {{meta: Meta, rows: Row[]}} _ */
function Slips({ meta, rows }) {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    const begin = () => setPrinting(true);
    const end = () => setPrinting(false);
    addEventListener("beforeprint", begin);
    addEventListener("afterprint", end);
    return () => { removeEventListener("beforeprint", begin); removeEventListener("afterprint", end); };
  }, []);
  const media = typeof matchMedia === "function" && matchMedia("print").matches;
  if (!printing && !media) return null;
  const wrong = rows.filter((row) => ["retake", "reprocess", "review"].includes(statusOf(row)));
  return html`<ul class="slips">${wrong.map((row) => html`<li class="slip"><b>${nameOf(row)}</b> ${placeOf(row)} ${fileName(row.photo)}
    ${row.verdict === "unread" ? html`<${Badge} kind="unread" />` : null}${SLIP.map((mark) => {
      const across = mark === "review" ? row.notes.map((rule) => told(meta.across[rule].name)) : [];
      const words = [...across, ...faultsOf(meta, row, [mark])];
      return words.length ? html`<span data-mark=${mark}><${Badge} kind=${mark} /> ${words.join(say("between"))}</span> ` : null;
    })}</li>`)}</ul>`;
}

/** What of a photo can be searched. @param {Row} row @param {Meta} meta */
function searchable(row, meta) {
  const student = row.student === null ? null : meta.students[row.student];
  return folded([row.photo, row.who ?? "", placeOf(row), ...(student?.codes ?? [])].join("\n"));
}

/** @param {Row} row @param {Filter} wanted @param {string[]} words @param {Meta} meta @param {string} text */
function matches(row, wanted, words, meta, text) {
  const place = placeOf(row);
  const choice = lastChoice(row)?.decision ?? "";
  return words.every((word) => text.includes(word))
    && (!wanted.verdict || row.verdict === wanted.verdict)
    && (!wanted.rule || row.marks.some(([rule]) => meta.rules[rule].id === wanted.rule) || row.notes.some((rule) => meta.across[rule].id === wanted.rule))
    && (!wanted.place || place === wanted.place || place.startsWith(`${wanted.place} / `))
    && (!wanted.decision || { waiting: isWaiting(row), decided: choice !== "", contested: isDisputed(row) }[wanted.decision] || choice === wanted.decision);
}

/** @param {import("./types.d.ts").Run} run @param {(message: string) => void} onSaid */
async function exported(run, onSaid) {
  onSaid(say("exporting"));
  try {
    const { folder } = await asked("export", { language: inChinese() ? "zh" : "en" });
    onSaid(`${say("exportDone")}：\n${visible(folder)}\n\n${run.done < run.total ? `${say("exportSoFar", run.done, run.total)}\n` : ""}${say("exportHint")}`);
  } catch (error) {
    onSaid(told(/** @type {any} */ (error).words));
  }
}

/**
 * The folder, the roster, the run; `onSaid` tells what was read of the roster, `onTrouble` why nothing is checked.
 * @param {{host: import("./served.js").Served, onOther: () => void, onSaid: (message: string) => void, onTrouble: (message: string) => void}} _
 */
function RunBar({ host, onOther, onSaid, onTrouble }) {
  const { run, state } = host;
  const chooser = useRef(/** @type {HTMLInputElement | null} */ (null));
  const running = run.state === "running";
  const left = run.per_second > 0 ? (run.total - run.done) / run.per_second : 0;
  const read = async (/** @type {Promise<any>} */ roster) => {
    try {
      onSaid(visible(told((await roster).read)).replaceAll("⟨U+000a⟩", "\n"));
    } catch (error) {
      onSaid(told(/** @type {any} */ (error).words));
    }
  };
  const chosen = async (/** @type {Event} */ event) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    const file = field.files?.[0];
    if (!file) return;
    await read(asked("roster", file, { "X-Photo-Name": encodeURIComponent(file.name) }));
    field.value = "";
  };
  const go = (/** @type {boolean} */ on) => asked("run", { go: on }).catch((error) => onTrouble(told(error.words)));
  return html`<section class="run" aria-label=${say("tabBatch")}>
    <div class="run-what">
      <h2 title=${visible(state.folder ?? "")}>${visible(fileName(state.folder ?? ""))}</h2>
      <p class="soft">${state.roster ? html`<span id="roster-read" title=${visible(state.roster.name)}>${say("rosterRead", state.roster.students)}（${visible(state.roster.name)}）</span> · ` : null}${visible(state.folder ?? "")}</p>
      ${state.tables.map((name) => html`<button class="offer" onClick=${() => read(asked("roster-beside", { name }))}>${say("useAsRoster", visible(name))}</button>`)}
    </div>
    <${Profile} host=${host} />
    <div class="run-how">
      <progress max=${Math.max(1, run.total)} value=${run.done} aria-label=${say("progress", run.done, run.total)}></progress>
      <p id="progress" data-state=${run.state}>${[say("progress", run.done, run.total), ...(running && run.per_second > 0
        ? [say("rate", run.per_second.toFixed(run.per_second < 10 ? 1 : 0)), say("left", duration(left))] : [])].map((part, at) => html`${at ? " · " : ""}<span>${part}</span>`)}</p>
      ${run.error ? html`<p class="error" role="alert">${visible(sentence(run.error))}</p>` : null}
    </div>
    <div class="buttons">
      ${running ? html`<button id="stop" onClick=${() => go(false)}>${say("stop")}</button>`
        : html`<button id="go" class=${run.state === "done" ? "" : "primary"} onClick=${() => go(true)}>${say(run.state === "done" ? "again" : run.done ? "goOn" : "start")}</button>`}
      <button id="add-roster" onClick=${() => chooser.current?.click()} title=${say("rosterHint")}>${say(state.roster ? "replaceRoster" : "addRoster")}</button>
      <input ref=${chooser} id="roster" class="hidden-input" type="file" tabindex="-1" aria-label=${say("addRoster")} accept=".xlsx,.xls,.xlsm,.xlsb,.et,.ods,.fods,.docx,.csv,.txt,.tsv" onChange=${chosen} />
      <button id="other-folder" onClick=${onOther}>${say("otherFolder")}</button>
    </div>
  </section>`;
}

/** @param {{waiting: number, run: import("./types.d.ts").Run | null, total: number, onReview: () => void, onExport: (() => void) | null}} _ */
function NextStep({ waiting, run, total, onReview, onExport }) {
  if (!total || (run && run.state !== "done" && !waiting)) return null;
  return html`<section class=${`next ${waiting ? "" : "clear"}`}>
    <p>${waiting ? say("nextReview", waiting) : say("nextClear")}</p>
    ${waiting ? html`<button class="primary big" id="review" onClick=${onReview}>${say("nextReviewDo")} →</button>` : null}
    ${onExport ? html`<button class=${waiting ? "" : "primary big"} id="export" onClick=${onExport}>${say("nextClearDo")}</button>` : null}
  </section>`;
}

/** What was not looked at, though it may be somebody's photo. @param {{beside: import("./types.d.ts").Beside | undefined}} _ */
function Beside({ beside }) {
  if (!beside?.count) return null;
  return html`<details class="beside" id="beside"><summary>${say("notChecked", beside.count)}</summary><ul>
    ${beside.first.map(({ name, why }) => html`<li>${visible(name)}：${told(why)}</li>`)}
    ${beside.count > beside.first.length ? html`<li>${say("andMore", beside.count - beside.first.length)}</li>` : null}</ul></details>`;
}

/** @param {{meta: Meta, rows: Row[], statuses: string[], waiting: number, isWhole: boolean, onShow: (filter: Partial<Filter>) => void, onMissing: () => void}} _ */
function Tiles({ meta, rows, statuses, waiting, isWhole, onShow, onMissing }) {
  const count = (/** @type {string} */ verdict) => rows.filter((row) => row.verdict === verdict).length;
  const decided = rows.filter((row) => row.said.some((said) => said.decision)).length;
  const missing = statuses.filter((status) => status === "missing").length;
  const tile = (/** @type {string} */ kind, /** @type {number | string} */ n, /** @type {string} */ label, /** @type {() => void} */ go) => html`
    <button class=${`tile-number ${n ? kind : "zero"}`} data-kind=${kind} onClick=${go}><b>${n}</b><span>${label}</span></button>`;
  return html`<section class="numbers" aria-label=${say("counts")}>
    ${tile("all", rows.length, say("allPhotos"), () => onShow({}))}
    ${tile("pass", count("pass"), say("pass"), () => onShow({ verdict: "pass" }))}
    ${tile("review", waiting, say("review"), () => onShow({ decision: "waiting" }))}
    ${/** @type {const} */ (["fail", "unread"]).map((kind) => tile(kind, count(kind), say(kind), () => onShow({ verdict: kind })))}
    ${tile("decided", decided, say("decided"), () => onShow({ decision: "decided" }))}
    ${meta.students.length ? tile("missing", isWhole ? missing : "…", say("missing"), onMissing) : null}
  </section>`;
}

/** What a page that was written offers instead of a program. @param {{host: Host, onSaid: (message: string) => void}} _ */
function Tools({ host, onSaid }) {
  const chooser = useRef(/** @type {HTMLInputElement | null} */ (null));
  if (host.served) return null;
  const written = /** @type {import("./written.js").Written} */ (host);
  const save = () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([written.exported()], { type: "text/csv" }));
    link.download = "decisions.csv";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };
  const read = async (/** @type {Event} */ event) => {
    const field = /** @type {HTMLInputElement} */ (event.target);
    const file = field.files?.[0];
    if (!file) return;
    const result = written.imported(await file.text());
    field.value = "";
    onSaid(result ? say("imported", result.imported) + (result.unmatched ? say("unmatched", result.unmatched) : "") : say("badCsv"));
  };
  return html`<div class="buttons">
    <button id="export" onClick=${save}>${say("exportDecisions")}</button>
    <button onClick=${() => chooser.current?.click()}>${say("importDecisions")}</button>
    <input ref=${chooser} id="import" class="hidden-input" type="file" tabindex="-1" aria-label=${say("importDecisions")} accept=".csv,text/csv" onChange=${read} />
    <button id="print" onClick=${() => print()}>${say("print")}</button>
  </div>`;
}

/** How often each rule found something. @param {{meta: Meta, rows: Row[], onShow: (filter: Partial<Filter>) => void}} _ */
function ByRule({ meta, rows, onShow }) {
  const kinds = /** @type {const} */ (["fail", "review", "advice", "not-assessed"]);
  const counts = meta.rules.map(() => ({ fail: 0, review: 0, advice: 0, "not-assessed": 0 }));
  for (const row of rows) for (const [rule, mark] of row.marks) counts[rule][mark] += 1;
  const weight = (/** @type {number} */ rule) => counts[rule].fail * 1e6 + counts[rule].review * 1e3 + counts[rule].advice;
  const order = meta.rules.map((_, rule) => rule).filter((rule) => kinds.some((kind) => counts[rule][kind])).sort((a, b) => weight(b) - weight(a));
  const across = meta.across.map((rule, index) => ({ rule, count: rows.filter((row) => row.notes.includes(index)).length })).filter(({ count }) => count);
  return html`<div class="scroll"><table class="bars" id="by-rule">
    <thead><tr><th>${say("rule")}</th><th>${say("clause")}</th>${kinds.map((kind) => html`<th class="figure">${say(kind)}</th>`)}<th>${say("share")}</th></tr></thead>
    <tbody>
      ${across.map(({ rule, count }) => html`<tr><td><button class="link" onClick=${() => onShow({ rule: rule.id })}>${told(rule.name)}</button></td><td>${rule.clause}</td>
        <td></td><td class="figure">${count}</td><td></td><td></td><td class="bar-cell">${bar([["review", count]], rows.length)}</td></tr>`)}
      ${order.map((rule) => html`<tr><td><button class="link" onClick=${() => onShow({ rule: meta.rules[rule].id })}>${told(meta.rules[rule].name)}</button></td>
        <td>${meta.rules[rule].clause}</td>${kinds.map((kind) => html`<td class="figure">${counts[rule][kind] || ""}</td>`)}
        <td class="bar-cell">${bar(kinds.map((kind) => [kind, counts[rule][kind]]), rows.length)}</td></tr>`)}
    </tbody></table></div>`;
}
