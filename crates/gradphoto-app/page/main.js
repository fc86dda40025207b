// The page: its head, and whichever view is open.

import { html, render, useEffect, useState } from "./vendor/preact.js";
import { BatchView } from "./batch.js";
import { LiveView } from "./live.js";
import { useChanges } from "./parts.js";
import { RulesView } from "./rules.js";
import { Served } from "./served.js";
import { TryView } from "./try.js";
import { inChinese, say, setLanguage, told, visible } from "./words.js";
import { isWritten, Written } from "./written.js";

const VIEWS = /** @type {const} */ ({
  try: ["tabTry", TryView], batch: ["tabBatch", BatchView], live: ["tabLive", LiveView], rules: ["tabRules", RulesView],
});
/** @typedef {keyof typeof VIEWS} View */

/** @returns {View} */
function viewOfAddress() {
  const name = location.hash.slice(1).split("/")[0];
  return name in VIEWS ? /** @type {View} */ (name) : "try";
}

/** @param {{host: Served | Written}} _ */
function Page({ host }) {
  const [view, setView] = useState(/** @returns {View} */ () => (host.served ? viewOfAddress() : "batch"));
  const [, draw] = useState(0);
  useChanges((call) => host.onChange(call));
  useEffect(() => {
    const follow = () => setView(viewOfAddress());
    if (host.served) addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, []);
  const turn = () => {
    setLanguage(inChinese() ? "en" : "zh");
    try { localStorage.setItem("language", inChinese() ? "zh" : "en"); } catch { /* then it is asked for again */ }
    draw((n) => n + 1);
  };
  document.title = host.served ? say("product") : `${say("product")} · ${told(host.meta().title)}`;
  const [, Shown] = VIEWS[view];
  const { imprint } = host.meta();
  return html`
    <header class="top">
      <div class="brand"><span class="logo" aria-hidden="true"></span><h1>${say("product")}</h1></div>
      ${host.served
        ? html`<nav aria-label=${say("product")}>${Object.entries(VIEWS).map(([name, [label]]) => html`
            <a href=${`#${name}`} aria-current=${name === view ? "page" : null}>${say(label)}</a>`)}</nav>`
        : html`<p class="subtitle">${visible(host.meta().subtitle)}</p>`}
      <p class="offline"><span aria-hidden="true">●</span> ${say("offline")}</p>
      <button class="quiet" id="language" lang=${inChinese() ? "en" : "zh-CN"} onClick=${turn}>${say("otherLanguage")}</button>
    </header>
    ${host instanceof Served && host.lost ? html`<p class="lost" role="alert">${say("lost")}</p>` : null}
    ${host instanceof Served && host.left ? html`<${Switched} host=${host} left=${host.left} />` : null}
    <main class=${`view-${view}`}><${Shown} host=${host} key=${view} /></main>
    ${imprint ? html`<footer class="imprint">${visible(told(imprint))}</footer>` : null}`;
}

/** Another tab has opened another folder: the program has one open at a time. @param {{host: Served, left: string}} _ */
function Switched({ host, left }) {
  const [trouble, setTrouble] = useState("");
  const back = () => host.opens("open", left).catch((error) => setTrouble(told(error.words)));
  return html`<div class="switched" role="alert"><p>${say("switched", visible(host.state.folder ?? ""))} ${trouble}</p>
    <div class="buttons"><button id="switch-back" onClick=${back}>${say("switchBack", visible(left))}</button>
      <button id="switch-stay" onClick=${() => host.stay()}>${say("switchStay")}</button></div></div>`;
}

async function open() {
  const app = /** @type {HTMLElement} */ (document.getElementById("app"));
  /** @type {Served | Written} */
  let host;
  try {
    host = isWritten() ? new Written() : await Served.open();
  } catch (error) {
    app.textContent = error instanceof Error && "words" in error ? told(/** @type {any} */ (error).words) : String(error);
    return;
  }
  let kept = null;
  try { kept = localStorage.getItem("language"); } catch { /* as above */ }
  setLanguage(kept === "en" || kept === "zh" ? kept : host.meta().language);
  app.replaceChildren();
  render(html`<${Page} host=${host} />`, app);
}

open();
