// Which folder of photos to open: typed, pasted, or found step by step.

import { html, useEffect, useRef, useState } from "./vendor/preact.js";
import { asked } from "./served.js";
import { say, told, visible } from "./words.js";

/** @typedef {{path: string, parent: string | null, folders: {name: string, path: string}[], photos: number}} Folder */

/** @param {{host: import("./served.js").Served, onDone: () => void, onChosen?: (path: string) => Promise<unknown>, title?: string, hint?: string}} _ */
export function OpenFolder({ host, onDone, onChosen, title, hint }) {
  const [folder, setFolder] = useState(/** @type {Folder | null} */ (null));
  const [typed, setTyped] = useState("");
  const box = useRef(/** @type {HTMLInputElement | null} */ (null));
  const [trouble, setTrouble] = useState("");
  const attempt = async (/** @type {() => Promise<unknown>} */ work) => {
    try { await work(); setTrouble(""); } catch (error) { setTrouble(told(/** @type {any} */ (error).words)); }
  };
  const look = (/** @type {string} */ path) => attempt(async () => {
    const found = await asked(`folders?path=${encodeURIComponent(path)}`);
    setFolder(found);
    // Who has typed before a slow disk answers, or is about to, keeps the box.
    if (document.activeElement !== box.current) setTyped((now) => (now === typed ? found.path : now));
  });
  const choose = (/** @type {string} */ path) => attempt(async () => {
    await (onChosen ?? ((chosen) => host.opens("open", chosen)))(path);
    onDone();
  });
  useEffect(() => { look(""); }, []);
  return html`<section class="open-folder">
    <h2>${title ?? say("openTitle")}</h2><p class="lead">${hint ?? say("openHint")}</p>
    <form class="path" onSubmit=${(/** @type {SubmitEvent} */ event) => { event.preventDefault(); choose(typed); }}>
      <label for="path">${say("openPath")}</label>
      <input id="path" ref=${box} value=${typed} placeholder=${say("openPathHint")} spellcheck="false" autocomplete="off" onInput=${(/** @type {Event} */ event) => setTyped(/** @type {HTMLInputElement} */ (event.target).value)} />
      <button class="primary" id="open" disabled=${!typed.trim()}>${say(folder && typed === folder.path ? "openThis" : "open")}</button>
    </form>
    ${trouble ? html`<p class="error" role="alert">${visible(trouble)}</p>` : null}
    ${folder ? html`<div class="folders">
      <p class="soft">${folder.photos ? say("photosHere", folder.photos) : ""}</p>
      <ul>
        ${folder.parent === null ? null : html`<li><button class="folder up" onClick=${() => look(folder.parent ?? "")}>↑ ${say("up")}</button></li>`}
        ${folder.folders.map(({ name, path }) => html`<li><button class="folder" title=${visible(path)} onClick=${() => look(path)}>${visible(name)}</button></li>`)}
      </ul></div>` : null}
    ${host.state.recent.length ? html`<h3>${say("recent")}</h3><ul class="recent">${host.state.recent.map((path) => html`
      <li><button class="link" onClick=${() => choose(path)}>${visible(path)}</button></li>`)}</ul>` : null}
    ${host.state.folder ? html`<div class="buttons"><button onClick=${onDone}>${say("cancel")}</button></div>` : null}
  </section>`;
}
