// At the shoot: each photo that arrives is judged at once, in letters that can be read from three metres.

import { html, useEffect, useLayoutEffect, useRef, useState } from "./vendor/preact.js";
import { studentStatuses } from "./decisions.js";
import { OpenFolder } from "./folder.js";
import { Picture, SIGN, Whose, Window, fileName, markedBy, placeOf, useKept } from "./parts.js";
import { asked } from "./served.js";
import { clock, say, sentence, told, visible } from "./words.js";

/** @typedef {import("./types.d.ts").Row} Row */
/** @typedef {import("./types.d.ts").Details} Details */
/** @typedef {import("./served.js").Shot} TakenShot */

/** What a retake does for the verdict: only what the student or the photographer can change on the spot. */
const WORD = /** @type {const} */ ({ pass: "shotOk", review: "shotLook", fail: "shotRetake", unread: "shotRetake" });

/** Of files that cannot be judged so many are named. */
const NAMED = 5;

/** So many of the latest shots are listed. */
const LISTED = 8;

/** Where what a scanner types belongs. */
const scanField = () => document.getElementById("scan");

/** @param {{host: import("./served.js").Served}} _ */
export function LiveView({ host }) {
  const meta = host.meta();
  const { state } = host;
  const rows = host.rows();
  const [wanted, setWanted] = useKept(`class ${state.folder}`, "");
  const [kiosk, setKiosk] = useState(false);
  const [sound, setSound] = useKept("sound", true);
  const [scanned, setScanned] = useState("");
  const [trouble, setTrouble] = useState("");
  const [choosing, setChoosing] = useState(false);
  /** The shot for which another student is being chosen. */
  const [giving, setGiving] = useState(/** @type {Row | null} */ (null));
  const latest = state.shots[state.shots.length - 1] ?? null;
  // Who looks at the board from afar must not go by a verdict that the program can no longer take back.
  const row = latest && !host.lost ? rows[latest.id] : null;
  const heard = useRef(latest ? `${latest.id} ${latest.at}` : "");
  const passedOver = state.passed_over.length;
  const warnings = passedOver + Number(state.unreached !== null);
  const warned = useRef(warnings);
  const tone = useRef(/** @type {AudioContext | null} */ (null));

  const attempt = async (/** @type {() => Promise<unknown>} */ work) => {
    try { await work(); setTrouble(""); } catch (error) { setTrouble(visible(told(/** @type {any} */ (error).words))); }
  };
  const watch = (/** @type {string | null} */ path) => {
    // A browser lets a page sound only after somebody has touched it.
    tone.current ??= new AudioContext();
    return path === null ? asked("watch", { path }) : host.opens("watch", path);
  };
  useEffect(() => {
    const key = latest ? `${latest.id} ${latest.at}` : "";
    if (key === heard.current || !row) return;
    heard.current = key;
    if (sound && tone.current) beep(tone.current, row.verdict === "pass");
  });
  useEffect(() => {
    if (warnings > warned.current && sound && tone.current) beep(tone.current, false);
    warned.current = warnings;
  });
  useEffect(() => {
    const follow = () => setKiosk(document.fullscreenElement !== null);
    document.addEventListener("fullscreenchange", follow);
    return () => document.removeEventListener("fullscreenchange", follow);
  }, []);
  useLayoutEffect(() => {
    // A scanner types like a person: wherever it does, its code goes to the field for it. A space alone presses buttons.
    const key = (/** @type {KeyboardEvent} */ event) => {
      const isTyped = event.key.length === 1 && event.key !== " " && !(event.ctrlKey || event.metaKey || event.altKey);
      if (isTyped && !document.querySelector("dialog[open]")) scanField()?.focus();
    };
    addEventListener("keydown", key);
    return () => removeEventListener("keydown", key);
  }, []);

  if (!state.watching || choosing) {
    return html`<${OpenFolder} host=${host} title=${say("liveTitle")} hint=${say("liveHint")}
      onChosen=${(/** @type {string} */ path) => watch(path)} onDone=${() => setChoosing(false)} />`;
  }
  const statuses = studentStatuses(meta, rows.filter(Boolean));
  const students = meta.students.map((student, index) => ({ student, index }));
  const classes = new Map(meta.students.filter((student) => student.class).map((student) => [placeOf(student), student.place]));
  // The roster may be another one by now.
  const klass = classes.has(wanted) ? wanted : "";
  const here = students.filter(({ student }) => !klass || placeOf(student) === klass);
  const missing = here.filter(({ index }) => statuses[index] === "missing");
  // Those that came while nobody watched are among them.
  const unknown = rows.filter((each) => each && each.student === null && !each.fate);
  const named = unknown.slice(-NAMED).map((each) => fileName(each.photo)).join(say("between"));
  const now = state.now === null ? null : meta.students[state.now];
  const next = missing.find(({ index }) => index !== state.now);
  const choose = (/** @type {number | null} */ index) => attempt(() => asked("now", { student: index }));
  const scan = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const code = scanned.trim();
    setScanned("");
    if (code) attempt(() => asked("now", { code, place: classes.get(klass) ?? [] }));
  };
  const give = (/** @type {string} */ student) => {
    const shot = giving;
    if (!student || !shot) return;
    setGiving(null);
    attempt(() => asked("whose", { photo: shot.photo, sha256: shot.sha256, student }));
  };
  const onGive = meta.students.length ? setGiving : null;
  const whoIs = (/** @type {TakenShot} */ shot) => {
    const place = shot.student ?? rows[shot.id]?.student ?? null;
    return place === null ? "" : visible(meta.students[place]?.who ?? "");
  };
  return html`<section class=${`live ${kiosk ? "kiosk" : ""}`} id="live">
    <div class="live-bar">
      <p class="soft">${say("liveWatching", visible(state.watching))}</p>
      <div class="buttons">
        <button class="primary" id="kiosk" onClick=${() => (kiosk ? document.exitFullscreen() : document.documentElement.requestFullscreen().catch(() => setKiosk(true)))}>${say(kiosk ? "leaveKiosk" : "kiosk")}</button>
        <button aria-pressed=${sound} onClick=${() => { tone.current ??= new AudioContext(); setSound(!sound); }}>${say("sound")}：${say(sound ? "on" : "off")}</button>
        <button onClick=${() => setChoosing(true)}>${say("otherFolder")}</button>
        <button id="stop-live" onClick=${() => attempt(() => watch(null))}>${say("liveStop")}</button>
      </div>
    </div>
    <div class="live-trouble">${trouble ? html`<p class="error" role="alert">${trouble}</p>` : null}
    ${state.unreached ? html`<p class="error" role="alert" id="unreached">${visible(told(state.unreached))}</p>` : null}
    ${passedOver ? html`<div class="error" role="alert" id="passed-over">${say("notJudged", passedOver)}<ul>
      ${state.passed_over.slice(0, NAMED).map(({ name, why }) => html`<li>${fileName(name)}：${told(why)}</li>`)}
      ${passedOver > NAMED ? html`<li>${say("andMore", passedOver - NAMED)}</li>` : null}</ul></div>` : null}</div>
    <div class=${`board ${row?.verdict ?? "waiting"}`} id="board" data-verdict=${row?.verdict ?? "waiting"} aria-live="assertive">
      ${row && latest ? html`<${Shot} key=${`${row.id} ${row.sha256}`} host=${host} row=${row} who=${whoIs(latest)} onGive=${onGive} />`
        : host.lost ? html`<p class="board-who">${say("lost")}</p>` : html`<p class="board-word">${say("liveWaiting")}</p>`}
    </div>
    <aside class="queue">
      <form onSubmit=${scan}><input id="scan" value=${scanned} placeholder=${say("scan")} title=${say("scanHint")} aria-label=${say("scan")} autocomplete="off" onInput=${(/** @type {Event} */ event) => setScanned(/** @type {HTMLInputElement} */ (event.target).value)} /></form>
      ${meta.students.length ? html`
        <select id="class" aria-label=${say("klass")} value=${klass} onChange=${(/** @type {Event} */ event) => { setWanted(/** @type {HTMLSelectElement} */ (event.target).value); scanField()?.focus(); }}>
          <option value="">${say("anyClass")}</option>${[...classes.keys()].map((each) => html`<option value=${each} selected=${each === klass}>${each}</option>`)}</select>
        <div class="now"><span>${say("nowUp")}</span><b id="now">${now ? visible(now.who ?? "") : "—"}</b>${now ? null : html`<small class="soft">${say("nobody")}</small>`}</div>
        <button class="next-up" id="next-up" disabled=${!next} onClick=${() => next && choose(next.index)}><span>${say("nextUp")}</span><b>${next ? visible(next.student.who ?? "") : say("everyoneDone")}</b></button>
        <h3 id="missing-count">${say("missingHere", missing.length)}</h3>
        ${unknown.length ? html`<p id="no-student"><a href="#batch">${say("noStudent", unknown.length)}</a> <span class="soft">${named}${
          unknown.length > NAMED ? `${say("between")}${say("andMore", unknown.length - NAMED)}` : ""}</span></p>` : null}
        <ul class="missing-list">${missing.slice(0, 60).map(({ student, index }) => html`<li><button class="link" onClick=${() => choose(index)}>${visible(student.who ?? "")}</button></li>`)}</ul>`
        : html`<p class="soft">${say("noRoster")}</p>`}
      <h3>${say("lastShots")}</h3>
      <ol class="last-shots" reversed>${latestOf(state.shots).map((shot) => (rows[shot.id] ? html`<li class=${rows[shot.id].verdict}><i aria-hidden="true">${SIGN[rows[shot.id].verdict]}</i> ${fileName(rows[shot.id].photo)} <span class="soft">${clock(shot.at).split(" ").pop()}</span>
        ${onGive ? html` ${whoIs(shot) || say("nobodysShot")} <button class="link" onClick=${() => onGive(rows[shot.id])}>${say("give")}</button>` : null}</li>` : null))}</ol>
    </aside>
    ${giving ? html`<${Window} title=${fileName(giving.photo)} onClose=${() => setGiving(null)}><${Whose} meta=${meta} chosen="" onChosen=${give} autofocus=${true} /><//>` : null}
  </section>`;
}

/** The photos that came last, each once, the last one first. @param {TakenShot[]} shots */
function latestOf(shots) {
  /** @type {Map<number, TakenShot>} */
  const latest = new Map();
  for (let at = shots.length - 1; at >= 0 && latest.size < LISTED; at -= 1) if (!latest.has(shots[at].id)) latest.set(shots[at].id, shots[at]);
  return [...latest.values()];
}

/** @param {{host: import("./served.js").Served, row: Row, who: string, onGive: ((row: Row) => void) | null}} _ */
function Shot({ host, row, who, onGive }) {
  const [details, setDetails] = useState(/** @type {Details | null} */ (null));
  useEffect(() => { host.details(row).then(setDetails, () => {}); }, [row]);
  const [fails, reviews] = /** @type {const} */ (["fail", "review"]).map((mark) => markedBy(details?.findings ?? [], mark));
  const first = [...fails, ...reviews];
  // What shows across the photos alone makes somebody look too.
  const notes = (details?.notes ?? []).filter((note) => row.notes.includes(note.rule));
  // Where nobody was called, neither the file's name nor the roster is at fault.
  const isUnscanned = notes.some(({ kind }) => kind === "surplus");
  const across = notes.filter(({ kind }) => kind !== "surplus").map((note) => ({ name: host.meta().across[note.rule].name, reason: note.reason }));
  const reasons = [...fails, ...across, ...reviews].map(({ name, reason }) => [told(name), visible(told(reason))]);
  const why = [...(isUnscanned ? [[say("unscanned"), say("unscannedDo")]] : []), ...reasons].slice(0, 3);
  return html`
    <div class="board-words">
      <p class="board-word"><span aria-hidden="true">${SIGN[row.verdict]}</span> ${say(WORD[row.verdict])}</p>
      <p class="board-who">${who || fileName(row.photo)}${onGive ? html` <button class="give" id="give-shot" onClick=${() => onGive(row)}>${say("give")}</button>` : null}</p>
      ${row.verdict === "pass" ? html`<p class="board-why">${say("shotOkDo")}</p>` : html`<ul class="board-why">${why.map(([name, reason]) => html`
        <li>${name}<small>${reason}</small></li>`)}
        ${details?.error ? html`<li>${visible(sentence(details.error))}</li>` : null}</ul>`}
    </div>
    <${Picture} source=${row.verdict === "unread" ? "" : host.picture(row)} size=${row.size} findings=${first.slice(0, 3)} alt=${fileName(row.photo)} />`;
}

/** Two rising tones for a photo that will do, two falling ones else. @param {AudioContext} audio @param {boolean} good */
function beep(audio, good) {
  for (const [turn, pitch] of (good ? [660, 880] : [440, 294]).entries()) {
    const [oscillator, volume] = [audio.createOscillator(), audio.createGain()];
    const start = audio.currentTime + turn * 0.18;
    oscillator.frequency.value = pitch;
    volume.gain.setValueAtTime(0.25, start);
    volume.gain.exponentialRampToValueAtTime(0.001, start + 0.3);
    oscillator.connect(volume).connect(audio.destination);
    oscillator.start(start);
    oscillator.stop(start + 0.3);
  }
}
