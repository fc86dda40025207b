// A bar of coloured parts.

import { html } from "./vendor/preact.js";

/** A bar of parts of a whole. @param {(readonly [string, number])[]} parts @param {number} all */
export function bar(parts, all) {
  return html`<div class="stack" aria-hidden="true">${parts.filter(([, count]) => count).map(([kind, count]) => html`<i class=${kind} style=${`width:${(100 * count) / Math.max(1, all)}%`}></i>`)}</div>`;
}
