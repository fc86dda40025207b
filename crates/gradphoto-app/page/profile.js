// The standard that is applied.

import { html } from "./vendor/preact.js";
import { asked } from "./served.js";
import { say, told, visible } from "./words.js";

/**
 * Which standard is applied: `chosen`, or the one in force, which a choice changes unless `onChosen` takes it.
 * @param {{host: import("./served.js").Served, chosen?: string, onChosen?: (id: string) => void}} _
 */
export function Profile({ host, chosen, onChosen }) {
  const { profiles, profile } = host.state;
  const applied = chosen ?? profile;
  // Above the page it is said when the program has stopped.
  const choose = onChosen ?? ((/** @type {string} */ id) => asked("profile", { id }).catch(() => {}));
  // A school's own standard has the title of the one that it extends, unless it gives itself another.
  const titleAt = (/** @type {number} */ at) => {
    const [before, { name, title }] = [profiles.slice(0, at), profiles[at]];
    const isNamed = before.some((each) => told(each.title) === told(title));
    const mark = before.some((each) => each.name === name) ? say("profileChanged", name) : name;
    return visible(isNamed ? say("profileMarked", told(title), mark) : told(title));
  };
  return html`<label class="profile"><span>${say("profile")}</span>
    <select id="profile" value=${applied} onChange=${(/** @type {Event} */ event) => choose(/** @type {HTMLSelectElement} */ (event.target).value)}>
      ${profiles.map(({ id }, at) => html`<option value=${id} selected=${id === applied}>${titleAt(at)}</option>`)}
    </select></label>`;
}
