// One photo: drop, paste, choose or take it; the verdict, the drawing, what to do. Nothing is kept.

import { html, useEffect, useRef, useState } from "./vendor/preact.js";
import { Camera } from "./camera.js";
import { check } from "./check.js";
import { Findings, Picture, SIGN, useKept } from "./parts.js";
import { Profile } from "./profile.js";
import { ask, asked } from "./served.js";
import { inChinese, say, sentence, told, visible } from "./words.js";

/** @typedef {import("./check.js").Checked} Checked */

const HEADLINE = /** @type {const} */ ({ pass: "verdictPass", review: "verdictReview", fail: "verdictFail", unread: "verdictUnread" });

/** Browsers show these; of others the program sends a picture that they can show. */
const SHOWN = /\.(jpe?g|jfif|png|webp|bmp|gif)$/i;

/** Counts the photos that were tried. */
let latest = 0;

/** @param {{host: import("./served.js").Served}} _ */
export function TryView({ host }) {
  const [photo, setPhoto] = useKept("tried photo", /** @type {{file: Blob, name: string, kind: "file" | "camera", source: string, all: number, by: string} | null} */ (null));
  const [result, setResult] = useKept("tried result", /** @type {Checked | null} */ (null));
  const [lit, setLit] = useState(/** @type {number | null} */ (null));
  // Beside an open folder another standard is for the photo alone: it would judge that folder anew.
  const [wanted, setWanted] = useKept(`tried by ${host.state.folder}`, "");
  const chosen = host.state.profiles.find(({ id }) => id === wanted)?.id;
  const by = chosen ?? host.state.profile;
  const [trouble, setTrouble] = useState(/** @type {import("./types.d.ts").Words | "tryFolder" | null} */ (null));
  const [camera, setCamera] = useState(false);
  const [over, setOver] = useState(false);
  const chooser = useRef(/** @type {HTMLInputElement | null} */ (null));

  const look = async (/** @type {Blob} */ file, /** @type {string} */ name, /** @type {"file" | "camera"} */ kind, all = 1) => {
    const turn = (latest += 1);
    setCamera(false);
    setResult(null);
    setTrouble(null);
    const source = URL.createObjectURL(file);
    setPhoto((before) => {
      if (before) URL.revokeObjectURL(before.source);
      return { file, name, kind, source, all, by };
    });
    const checked = await check(file, name, kind, by, !SHOWN.test(name)).catch((error) => (
      { verdict: /** @type {const} */ ("unread"), size: null, picture: null, findings: [], rules: [], error: error.words ?? { zh: String(error), en: String(error) }, isUnheard: true }));
    // Of two photos that come one after the other only the last counts.
    if (turn === latest) setResult(checked);
  };
  const take = (/** @type {FileList | undefined | null} */ files) => { if (files?.[0]) look(files[0], files[0].name, "file", files.length); };
  const choose = async (/** @type {string} */ id) => {
    if (host.state.folder) setWanted(id); else await asked("profile", { id }).catch(() => {});
  };
  // Wherever the standard has changed: a verdict is that of the one which is shown beside it.
  useEffect(() => {
    if (photo && photo.by !== by) look(photo.file, photo.name, photo.kind, photo.all);
  }, [by]);

  const taking = useRef(take);
  taking.current = take;
  useEffect(() => {
    const paste = (/** @type {ClipboardEvent} */ event) => taking.current(event.clipboardData?.files);
    const drag = (/** @type {DragEvent} */ event) => { event.preventDefault(); setOver(event.type === "dragover"); };
    const drop = (/** @type {DragEvent} */ event) => {
      drag(event);
      const isFolder = [...event.dataTransfer?.items ?? []].some((item) => item.webkitGetAsEntry()?.isDirectory);
      if (isFolder) setTrouble("tryFolder"); else taking.current(event.dataTransfer?.files);
    };
    addEventListener("paste", paste);
    addEventListener("dragover", drag);
    addEventListener("dragleave", drag);
    addEventListener("drop", drop);
    return () => {
      removeEventListener("paste", paste);
      removeEventListener("dragover", drag);
      removeEventListener("dragleave", drag);
      removeEventListener("drop", drop);
    };
  }, []);

  // The photo that the program was started with.
  useEffect(() => {
    if (location.hash !== "#try/given") return;
    history.replaceState(null, "", "#try");
    ask("given").then(async (given) => {
      look(await given.blob(), decodeURIComponent(given.headers.get("X-Photo-Name") ?? ""), "file");
    }, () => {});
  }, []);

  const draw = async () => {
    if (!photo) return;
    setTrouble(null);
    const answer = await ask(`draw?language=${inChinese() ? "zh" : "en"}&kind=${photo.kind}&profile=${by}`, photo.file, { "X-Photo-Name": encodeURIComponent(photo.name) })
      .catch((error) => setTrouble(error.words));
    if (!answer) return;
    const drawn = await answer.blob();
    const link = document.createElement("a");
    link.href = URL.createObjectURL(drawn);
    link.download = `${photo.name.replace(/\.[^.]*$/, "")}-gradphoto.jpg`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };
  const buttons = (/** @type {boolean} */ first) => html`<div class="buttons">
    <button class=${first ? "primary" : ""} id="choose" onClick=${() => chooser.current?.click()}>${say(first ? "choose" : "another")}</button>
    <button id="camera" onClick=${() => setCamera(true)}>${say("useCamera")}</button>
    ${result && result.verdict !== "unread" ? html`<button id="draw" onClick=${draw}>${say("drawing")}</button>` : null}
  </div>`;
  const input = html`<input ref=${chooser} class="hidden-input" type="file" accept="image/*,.jpg,.jpeg,.png,.bmp,.tif,.tiff,.webp" tabindex="-1"
    aria-label=${say("choose")} onChange=${(/** @type {Event} */ event) => {
      const field = /** @type {HTMLInputElement} */ (event.target);
      take(field.files);
      field.value = "";
    }} />`;

  const said = trouble ? html`<p class="error" role="alert" id="trouble">${trouble === "tryFolder" ? say(trouble) : told(trouble)}</p>` : null;

  if (camera) {
    return html`<${Camera} profile=${chosen} onStop=${() => setCamera(false)}
      onShot=${(/** @type {Blob} */ shot) => look(shot, "camera.jpg", "camera")} />`;
  }
  if (!photo) {
    return html`<section class=${`drop ${over ? "over" : ""}`} aria-label=${say("tabTry")}>
      ${input}
      <svg class="drop-figure" viewBox="0 0 120 160" aria-hidden="true"><rect x="2" y="2" width="116" height="156" rx="10" />
        <ellipse cx="60" cy="66" rx="25" ry="33" /><path d="M14 156c2-34 20-50 46-50s44 16 46 50" /></svg>
      <h2>${say("tryTitle")}</h2>
      <p class="lead">${say(over ? "tryDropNow" : "tryDrop")}<span> · ${say("tryPaste")}</span></p>
      ${buttons(true)}
      ${said}
      <${Profile} host=${host} chosen=${chosen} onChosen=${choose} />
      <p class="soft">${say("tryKept")}</p>
    </section>`;
  }
  return html`<section class=${`tried ${over ? "over" : ""}`}>
    ${input}
    <div class="tried-picture">
      <${Picture} source=${pictureOf(photo, result)} size=${result?.size ?? null}
        findings=${result?.findings ?? []} lit=${lit} alt=${visible(photo.name)} />
      <p class="soft file-name">${visible(photo.name)}</p>
    </div>
    <div class="tried-words" aria-live="polite">
      ${result
        ? html`<div class=${`verdict ${result.verdict}`} id="verdict" data-verdict=${result.verdict}>
            <span class="sign" aria-hidden="true">${SIGN[result.verdict]}</span>
            <div><h2>${say(result.isUnheard ? "verdictNone" : HEADLINE[result.verdict])}</h2>
              ${result.verdict === "pass" ? html`<p>${say("verdictPassLine")}</p>` : null}
              ${result.error ? html`<p>${visible(sentence(result.error))}</p>` : null}</div>
          </div>
          ${photo.all > 1 ? html`<p class="soft" id="first">${say("tryFirst", photo.all)}</p>` : null}
          ${photo.kind === "camera" ? html`<p class="soft">${say("cameraShot")}</p>` : null}
          ${buttons(false)}
          ${said}
          <${Findings} rules=${result.rules} findings=${result.findings} onLight=${setLit} />`
        : html`<div class="verdict waiting"><span class="spinner" aria-hidden="true"></span><h2>${say("checking")}</h2></div>`}
      <${Profile} host=${host} chosen=${chosen} onChosen=${choose} />
    </div>
  </section>`;
}

/** Where the photo's picture is; empty while there is none. @param {{name: string, source: string}} photo @param {Checked | null} result */
function pictureOf({ name, source }, result) {
  if (result?.verdict === "unread") return "";
  return SHOWN.test(name) ? source : result?.picture ? `data:image/jpeg;base64,${result.picture}` : "";
}
