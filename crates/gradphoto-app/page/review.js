// One photo after the other, large: what was found, and what a person decides.

import { html, useEffect, useLayoutEffect, useRef, useState } from "./vendor/preact.js";
import { decided, isAcceptable, isDisputed, isGrantable, isOpenTo, isWaiting, lastChoice } from "./decisions.js";
import { Badge, Findings, Picture, Whose, Window, fileName, isCommand, nameOf, placeOf, useModal, whoOf } from "./parts.js";
import { clock, say, sentence, told, visible } from "./words.js";

/** @typedef {import("./types.d.ts").Row} Row */
/** @typedef {import("./types.d.ts").Details} Details */
/** @typedef {import("./types.d.ts").Choice} Choice */

/**
 * The rows of `queue`, of which the photo of this name is shown; `onTurn` shows another.
 * @param {{host: import("./batch.js").Host, queue: Row[], photo: string, onTurn: (photo: string) => void, onClose: () => void}} _
 */
export function Review({ host, queue, photo, onTurn, onClose }) {
  const meta = host.meta();
  const [details, setDetails] = useState(/** @type {{id: number, sha256: string, of: Details} | null} */ (null));
  const [note, setNote] = useState("");
  const [student, setStudent] = useState("");
  /** Whether another student is being chosen for it. */
  const [giving, setGiving] = useState(false);
  const [asking, setAsking] = useState(/** @type {"" | "name" | "reason"} */ (""));
  /** Goes on once it is known who decides. */
  const pending = useRef(/** @type {(() => void) | null} */ (null));
  /** The note as it is kept, or about to be. */
  const kept = useRef("");
  const saving = useRef(Promise.resolve(true));
  /** The photo on which something was decided here last. */
  const latest = useRef("");
  const [lit, setLit] = useState(/** @type {number | null} */ (null));
  const [trouble, setTrouble] = useState("");
  const box = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const at = queue.findIndex((each) => each.photo === photo);
  const row = queue[at];
  const known = details?.id === row.id && details.sha256 === row.sha256 ? details.of : null;
  const left = queue.filter(isWaiting).length;

  const wordOn = (/** @type {Row} */ of) => of.said.find((said) => said.who === host.clerk());
  const own = wordOn(row);
  const leaving = useRef(() => {});

  // Before it is painted: a key pressed at once is not lost.
  useModal(box);
  // The browser's own way back leads out of the window, not out of the view, from the first moment that it is seen.
  useLayoutEffect(() => {
    history.pushState("review", "");
    const back = () => leaving.current();
    addEventListener("popstate", back);
    return () => {
      removeEventListener("popstate", back);
      if (history.state === "review") history.back();
    };
  }, []);
  // A run sorts the photos anew: the place of one may change while somebody writes of it, which stays. And what is typed into a window
  // that just opened stays too: the note is laid out with it, not after it is painted.
  useLayoutEffect(() => {
    kept.current = own?.note ?? "";
    setNote(kept.current);
    setStudent(row.unused ? "" : lastChoice(row)?.student ?? "");
    setGiving(false);
    setTrouble("");
  }, [row.photo, row.sha256]);
  useEffect(() => {
    let stale = false;
    host.details(row).then((of) => { if (!stale) setDetails({ id: row.id, sha256: row.sha256, of }); }, (error) => { if (!stale) setTrouble(told(error.words)); });
    return () => { stale = true; };
  }, [row.id, row.photo, row.sha256]);

  /** Tells it of a photo, one word after the other; whether it is kept. @param {Row} of @param {import("./types.d.ts").Saying} saying */
  const tell = (of, saying) => {
    const before = kept.current;
    if (of === row) kept.current = saying.note;
    const said = saving.current.then(() => host.say(of, saying));
    saving.current = said.then(() => { setTrouble(""); return true; }, (error) => {
      if (of === row) kept.current = before;
      setTrouble(told(error.words));
      return false;
    });
    return saving.current;
  };
  const decide = async (/** @type {Choice} */ decision, /** @type {string} */ reason = note, /** @type {string} */ of = student) => {
    // To let a photo pass is to say whose it is.
    if (decision !== "reject" && row.nobodys && !of) {
      setTrouble(say("whoseFirst"));
      document.getElementById("whose")?.focus();
      return;
    }
    // Who decides is asked first, then what was about to be said is said.
    if (!host.clerk()) { pending.current = () => decide(decision, reason, of); setAsking("name"); return; }
    if (decision === "override" && !reason.trim()) { setAsking("reason"); return; }
    // A reason that was asked for is the note now: leaving would keep the one before in its place.
    setNote(reason);
    if (!await tell(row, { decision, note: reason, student: of })) return;
    setAsking("");
    latest.current = row.photo;
    if (row.verdict === "pass") { setGiving(false); return; }
    // On to what still waits; without any, to the next.
    if (queue.length > 1) {
      const after = [...queue.slice(at + 1), ...queue.slice(0, at)].find(isWaiting) ?? queue[at + 1];
      if (after) onTurn(after.photo);
    }
  };
  /** Keeps a note that was written and not yet said; false where that cannot be. */
  const keepNote = async () => {
    if (note === kept.current) return saving.current;
    if (!host.clerk()) { pending.current = () => keepNote(); setAsking("name"); return false; }
    const said = host.served ? wordOn(row) : decided(row);
    return tell(row, { decision: said?.decision ?? null, note, student: said?.student ?? student });
  };
  const step = async (/** @type {number} */ by) => { if (queue[at + by] && await keepNote()) onTurn(queue[at + by].photo); };
  const leave = async () => { if (await keepNote()) onClose(); };
  leaving.current = leave;
  // What was decided a moment ago is taken back where it was said, before the eyes of who said it.
  // In a report a word takes the place of all that were said before.
  const undoneOn = (/** @type {Row} */ of) => (host.served ? wordOn(of) : of.said[0]);
  const taken = undoneOn(row)?.decision ? row : queue.find((each) => each.photo === latest.current);
  const undo = async () => {
    // What was noted was not decided, and stays.
    const noted = taken === row ? note : taken && undoneOn(taken)?.note;
    if (!taken || !await keepNote() || !await tell(taken, { decision: null, note: noted ?? "", student: "" })) return;
    latest.current = "";
    if (taken !== row) onTurn(taken.photo);
  };
  const mayDecide = isOpenTo(row);
  const mayAccept = isAcceptable(row);
  // A photo that passes is given at once; whose another is goes with what is decided of it.
  const choose = (/** @type {string} */ key) => { setStudent(key); if (key && row.verdict === "pass") decide("accept", note, key); };
  const mayGive = meta.students.length > 0 && (mayDecide || row.verdict === "pass");
  const give = () => { setGiving(true); setTimeout(() => document.getElementById("whose")?.focus()); };
  const keys = useRef(/** @type {(event: KeyboardEvent) => void} */ (() => {}));
  keys.current = (event) => {
    // A key that is held turns pages; it decides nothing of photos that nobody has seen.
    if (asking || !isCommand(event) || (event.repeat && !event.key.startsWith("Arrow"))) return;
    const actions = /** @type {Record<string, () => void>} */ ({
      ArrowLeft: () => step(-1), ArrowRight: () => step(1),
      a: () => mayAccept && decide("accept"), r: () => mayAccept && decide("reject"),
      o: () => isGrantable(row) && decide("override"), u: undo,
      n: () => document.getElementById("note")?.focus(),
    });
    const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (action) { event.preventDefault(); action(); }
  };
  useLayoutEffect(() => {
    const key = (/** @type {KeyboardEvent} */ event) => keys.current(event);
    addEventListener("keydown", key);
    return () => removeEventListener("keydown", key);
  }, []);

  const others = known ? [...new Set(known.notes.flatMap((each) => each.photos))].filter((id) => id !== row.id && host.rows()[id]) : [];
  const original = known ? host.original(row, known) : null;
  const small = host.picture(row);
  const counted = decided(row);
  const unused = row.unused && isWaiting(row) && !isDisputed(row) ? meta.unused.filter((each) => each.photo === row.photo) : [];
  return html`<dialog ref=${box} class="review" aria-label=${nameOf(row)} onClose=${onClose} onCancel=${(/** @type {Event} */ event) => {
      event.preventDefault();
      if (asking) setAsking(""); else leave();
    }}>
    <header>
      <h2>${nameOf(row)}</h2><p class="soft">${[placeOf(row), fileName(row.photo)].filter(Boolean).join("　")}</p>
      <p class="review-at"><span id="position">${say("position", at + 1, queue.length)}</span><span id="left">${left ? say("reviewLeft", left) : queue.some(isOpenTo) ? say("allDone") : ""}</span></p>
      <div class="buttons">
        <button id="previous" disabled=${at === 0} onClick=${() => step(-1)} aria-label=${say("previous")}>‹</button>
        <button id="next" disabled=${at === queue.length - 1} onClick=${() => step(1)} aria-label=${say("next")}>›</button>
        <button id="close" onClick=${leave} aria-label=${say("close")}>✕</button>
      </div>
    </header>
    <div class="review-body">
      <div class="review-picture">
        <${BestPicture} key=${`${row.photo} ${row.sha256}`} small=${row.verdict === "unread" ? "" : small} large=${original} size=${row.size}
          findings=${known?.findings ?? []} lit=${lit} alt=${fileName(row.photo)} />
        ${others.length ? html`<div class="others"><h3>${say("sameAs")}</h3><div tabindex="0" role="group" aria-label=${say("sameAs")}>${others.slice(0, 8).map((id) => html`
          <figure><img src=${host.picture(host.rows()[id])} alt="" /><figcaption>${nameOf(host.rows()[id])}</figcaption></figure>`)}</div></div>` : null}
      </div>
      <div class="review-words">
        <div class=${`verdict ${row.verdict}`} data-verdict=${row.verdict}><${Badge} kind=${row.verdict} big=${true} />
          ${row.fate ? html`<p>${say(row.fate === "set-aside" ? "setAside" : row.fate)}</p>` : null}</div>
        ${row.said.length ? html`<ul class="said" id="said">${row.said.map((said) => html`<li class=${said === counted ? "counts" : ""}>
          ${said.decision ? html`<${Badge} kind=${said.decision} />` : null} ${said.student ? html`<b>${whoOf(meta, said.student)}</b>` : null} ${said.note ? html`<q>${visible(said.note)}</q>` : null}
          <span class="soft">${say("saidBy", visible(said.who), clock(said.at))}</span></li>`)}</ul>` : null}
        ${isDisputed(row) ? html`<p class="error" role="alert" id="disputed">${say("disputed")}</p>` : null}
        ${unused.length ? html`<p class="error" id="unused-here">${visible(told(unused[0].reason))}</p>` : null}
        ${trouble ? html`<p class="error" role="alert">${trouble}</p>` : null}
        ${known?.notes.map((each) => html`<p class="across"><b>${told(meta.across[each.rule].name)}</b>　${visible(told(each.reason))}</p>`)}
        ${(mayDecide && row.nobodys) || giving ? html`<${Whose} key=${`${row.photo} ${row.sha256}`} meta=${meta} chosen=${student} onChosen=${choose} />`
          : mayGive ? html`<p><button id="give" onClick=${give}>${say("give")}</button></p>` : null}
        <div class="decide">
          ${mayAccept ? html`<button class="pass" id="accept" onClick=${() => decide("accept")}>${say("doAccept")} <kbd>A</kbd></button>
            <button class="fail" id="reject" onClick=${() => decide("reject")}>${say("doReject")} <kbd>R</kbd></button>` : null}
          ${isGrantable(row) ? html`<button class="review" id="override" onClick=${() => decide("override")}>${say("doOverride")} <kbd>O</kbd></button>` : null}
          ${taken ? html`<button id="undo" onClick=${undo}>${say(taken === row ? "doUndo" : "doUndoLast")} <kbd>U</kbd></button>` : null}
          ${mayDecide || row.verdict === "unread" || row.fate === "retaken" ? null : html`<span class="soft">${say("settled")}</span>`}
          <label class="note-field"><span class="sr">${say("note")}</span>
            <input id="note" value=${note} placeholder=${`${say("noteHint")}（N）`} maxlength="500" onInput=${(/** @type {Event} */ event) => setNote(/** @type {HTMLInputElement} */ (event.target).value)}
              onBlur=${(/** @type {FocusEvent} */ event) => { if (host.clerk() && !(event.relatedTarget instanceof Element && event.relatedTarget.closest(".decide"))) keepNote(); }}
              onKeyDown=${(/** @type {KeyboardEvent} */ event) => {
                if (event.key !== "Enter" || event.isComposing) return;
                /** @type {HTMLInputElement} */ (event.target).blur();
                keepNote();
              }} /></label>
        </div>
        ${known?.error ? html`<p>${visible(sentence(known.error))}</p>` : null}
        ${known ? html`<${Findings} rules=${meta.rules} findings=${known.findings} onLight=${setLit} />` : html`<p class="soft">${say("loading")}</p>`}
        ${host.clerk() ? html`<p class="soft clerk">${say("clerkIs", visible(host.clerk()))} <button class="link" aria-label=${say("clerkTitle")} onClick=${() => { pending.current = null; setAsking("name"); }}>✎</button></p>` : null}
      </div>
    </div>
    ${asking === "name" ? html`<${Ask} id="clerk" title=${say("clerkTitle")} hint=${say("clerkHint")} label=${say("clerkName")} longest=${40} complete="name" go=${say("yes")} onSaid=${(/** @type {string} */ name) => {
        host.setClerk(name);
        setAsking("");
        const go = pending.current;
        pending.current = null;
        go?.();
      }} onClose=${() => setAsking("")} />` : null}
    ${asking === "reason" ? html`<${Ask} id="reason" title=${say("overrideTitle")} hint=${say("overrideHint")} label=${say("overrideReason")} longest=${500} go=${say("doOverride")}
        onSaid=${(/** @type {string} */ reason) => decide("override", reason)} onClose=${() => setAsking("")} />` : null}
  </dialog>`;
}

/** The small picture at once, the photo itself as soon as it is there. @param {Parameters<typeof Picture>[0] & {small: string, large: string | null}} _ */
function BestPicture({ small, large, size, findings, lit, alt }) {
  const [source, setSource] = useState(small);
  useEffect(() => {
    if (!large) return undefined;
    const image = new Image();
    image.onload = () => setSource(large);
    image.src = large;
    return () => { image.onload = null; };
  }, [large]);
  return html`<${Picture} source=${source} size=${size} findings=${findings} lit=${lit} alt=${alt} />`;
}

/**
 * Asks for one line before it goes on.
 * @param {{id: string, title: string, hint: string, label: string, longest: number, complete?: string, go: string, onSaid: (text: string) => void, onClose: () => void}} _
 */
function Ask({ id, title, hint, label, longest, complete, go, onSaid, onClose }) {
  return html`<${Window} title=${title} onClose=${onClose}>
    <form onSubmit=${(/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      const said = String(new FormData(/** @type {HTMLFormElement} */ (event.target)).get(id)).trim();
      if (said) onSaid(said);
    }}><p>${hint}</p>
      <label>${label} <input name=${id} id=${id} required maxlength=${longest} autocomplete=${complete} autofocus /></label>
      <div class="buttons"><button class="primary">${go}</button><button type="button" onClick=${onClose}>${say("cancel")}</button></div>
    </form><//>`;
}
