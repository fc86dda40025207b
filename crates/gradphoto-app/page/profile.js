// The standard that is applied.

import { html } from "./vendor/preact.js";
import { asked } from "./served.js";
import { say, told, visible } from "./words.js";

/** Which standard is applied. @param {{host: import("./served.js").Served}} _ */
export function Profile({ host }) {
  const { profiles, profile } = host.state;
  const known = profiles.some((each) => each.name === profile);
  // Above the page it is said when the program has stopped.
  const choose = (/** @type {Event} */ event) => asked("profile", { name: /** @type {HTMLSelectElement} */ (event.target).value }).catch(() => {});
  return html`<label class="profile"><span>${say("profile")}</span>
    <select id="profile" value=${profile} onChange=${choose}>
      ${known ? null : html`<option value=${profile}>${visible(told(host.meta().title))}</option>`}
      ${profiles.map(({ name, title }) => html`<option value=${name} selected=${name === profile}>${visible(told(title))}</option>`)}
    </select></label>`;
}
