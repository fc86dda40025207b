// The standard in force, limit by limit; a slider shows at once what another limit would do to the photos of the batch.

import { html, useEffect, useRef, useState } from "./vendor/preact.js";
import { Badge, useKept } from "./parts.js";
import { Profile } from "./profile.js";
import { asked } from "./served.js";
import { say, told, visible } from "./words.js";

/** @typedef {import("./types.d.ts").Rule} Rule */
/** @typedef {import("./types.d.ts").Limits} Limits */
/** @typedef {{pass: number, review: number, fail: number, unread: number}} Counts */
/** @typedef {{fails: Limits, passes: Limits}} Change */
/** @typedef {{now: Counts, then: Counts, changed: {id: number, from: string, to: string}[], shown: Record<string, {fails: import("./types.d.ts").Words, passes: import("./types.d.ts").Words}>}} Effect */

const GROUPS = /** @type {const} */ ({ subject: "bySubject", capture: "byCapture", framing: "byFraming", file: "byFile" });

/** No limit is changed. @type {Record<string, Change>} */
const NONE = {};

/** @param {{host: import("./served.js").Served}} _ */
export function RulesView({ host }) {
  const meta = host.meta();
  const [changes, setChanges] = useKept(`limits ${host.state.profile}`, NONE);
  const [effect, setEffect] = useState(/** @type {Effect | null} */ (null));
  // What came of using the limits stands until they change again; what keeps the effect from being told goes with it.
  const [message, setMessage] = useState("");
  const [trouble, setTrouble] = useState("");
  const latest = useRef(0);
  useEffect(() => {
    const turn = (latest.current += 1);
    asked("effect", { limits: changes }).then((found) => { if (turn === latest.current) { setEffect(found); setTrouble(""); } }, (error) => setTrouble(told(error.words)));
  }, [changes, meta]);
  const use = async () => {
    try {
      const { saved } = await asked("limits", { limits: changes });
      setChanges(NONE);
      setMessage(`${say("rulesUsed")} ${visible(saved)}`);
    } catch (error) {
      setMessage(told(/** @type {any} */ (error).words));
    }
  };
  const change = (/** @type {(before: Record<string, Change>) => Record<string, Change>} */ next) => {
    setMessage("");
    setChanges(next);
  };
  const isChanged = Object.keys(changes).length > 0;
  const total = effect ? effect.now.pass + effect.now.review + effect.now.fail + effect.now.unread : 0;
  return html`<section class="rules">
    <div class="rules-head">
      <div><h2>${say("rulesTitle")}</h2><p class="lead">${visible(told(meta.title))}</p><p class="soft">${visible(meta.subtitle)}</p></div>
      <${Profile} host=${host} />
    </div>
    <div class="effect" id="effect" data-changed=${effect?.changed.length ?? ""} aria-live="polite">
      ${total ? html`<table><thead><tr><td></td>${/** @type {const} */ (["pass", "review", "fail"]).map((kind) => html`<th><${Badge} kind=${kind} /></th>`)}</tr></thead>
        <tbody>${/** @type {const} */ ([["now", "rulesNow"], ["then", "rulesThen"]]).map(([when, label]) => html`<tr data-when=${when}><th>${say(label)}</th>
          ${/** @type {const} */ (["pass", "review", "fail"]).map((kind) => html`<td>${effect?.[when][kind] ?? 0}</td>`)}</tr>`)}</tbody></table>
        <div class="effect-words"><p><b>${effect?.changed.length ? say("rulesChanged", effect.changed.length) : say("rulesUnchanged")}</b></p>
          <p class="soft">${say("rulesHint")}</p></div>
        <div class="effect-photos">${effect?.changed.slice(0, 12).map(({ id, to }) => (host.rows()[id] ? html`<figure class=${to}><img src=${host.picture(host.rows()[id])} alt=${visible(host.rows()[id].photo)} loading="lazy" /><figcaption><${Badge} kind=${to} /></figcaption></figure>` : null))}</div>`
        : html`<p class="soft">${say("rulesNoBatch")}</p>`}
      <div class="buttons">
        <button class="primary" id="use-limits" disabled=${!isChanged || !host.state.folder} onClick=${use}>${say("rulesUse")}</button>
        <button disabled=${!isChanged} onClick=${() => change(() => NONE)}>${say("rulesReset")}</button>
      </div>
      ${trouble || message ? html`<p role="status" id="rules-message">${trouble || message}</p>` : null}
    </div>
    ${Object.entries(GROUPS).map(([group, label]) => html`<h3>${say(label)}</h3>
      <ul class="rule-list">${meta.rules.filter((rule) => rule.group === group).map((rule) => html`<${RuleLine} key=${rule.id} rule=${rule} change=${changes[rule.id]} shown=${effect?.shown[rule.id]}
        onChange=${(/** @type {Change | null} */ one) => change((before) => {
          const { [rule.id]: _, ...others } = before;
          return one ? { ...others, [rule.id]: one } : others;
        })} />`)}</ul>`)}
  </section>`;
}

/** @param {{rule: Rule, change: Change | undefined, shown: Effect["shown"][string] | undefined, onChange: (change: Change | null) => void}} _ */
function RuleLine({ rule, change, shown, onChange }) {
  const { fails, passes } = change ?? rule;
  const isSwitch = rule.unit === "yes-no" || [rule.fails.min, rule.fails.max, rule.passes.min, rule.passes.max].every((bound) => bound === null);
  const set = (/** @type {"fails" | "passes"} */ which, /** @type {"min" | "max"} */ end, /** @type {number} */ value) => {
    const next = { fails: { ...fails }, passes: { ...passes } };
    // A slider that is pulled back to its place stands on it, whatever its steps.
    const own = rule[which][end] ?? value;
    if (Math.abs(value - own) < rangeOf(rule, end).step / 2) value = own;
    // A range never ends before it begins.
    const other = passes[end === "min" ? "max" : "min"] ?? value;
    value = end === "min" ? Math.min(value, other) : Math.max(value, other);
    next[which][end] = value;
    // The range that passes lies within the range that does not fail.
    if (which === "fails") next.passes[end] = end === "min" ? Math.max(value, next.passes[end] ?? value) : Math.min(value, next.passes[end] ?? value);
    else next.fails[end] = end === "min" ? Math.min(value, next.fails[end] ?? value) : Math.max(value, next.fails[end] ?? value);
    const isAsBefore = /** @type {const} */ (["fails", "passes"]).every((each) => next[each].min === rule[each].min && next[each].max === rule[each].max);
    onChange(isAsBefore ? null : next);
  };
  const outside = rule.severity === "reject" ? "failsOutside" : "clearOutside";
  const slider = (/** @type {"fails" | "passes"} */ which, /** @type {"min" | "max"} */ end) => {
    const value = (which === "fails" ? fails : passes)[end];
    const { low, high, step } = rangeOf(rule, end);
    if (value === null) return null;
    return html`<label class=${`slider ${which}`}><span>${say(which === "fails" ? outside : "passesWithin")} · ${say(end === "min" ? "minimum" : "maximum")}</span>
      <input type="range" aria-label=${`${told(rule.name)} ${say(which === "fails" ? outside : "passesWithin")} ${say(end === "min" ? "minimum" : "maximum")}`} min=${low} max=${high} step=${step} value=${value} name=${`${rule.id} ${which} ${end}`} onInput=${(/** @type {Event} */ event) => set(which, end, Number(/** @type {HTMLInputElement} */ (event.target).value))} /></label>`;
  };
  return html`<li class=${`rule-line ${change ? "changed" : ""}`} data-rule=${rule.id}>
    <div class="rule-name"><b>${told(rule.name)}</b> <span class="soft">${rule.clause === "—" ? "" : rule.clause}</span>
      <p class="soft">${told(rule.about)}</p></div>
    <div class="rule-limits">
      <p><span class="passes">${say("passesWithin")} ${shown ? told(shown.passes) : told(rule.limit)}</span>
        ${shown && told(shown.fails) !== told(shown.passes) ? html` <span class="fails">${say(outside)} ${told(shown.fails)}</span>` : null}
        <span class="soft">${say(/** @type {const} */ (`${rule.severity}_`))}</span></p>
      ${isSwitch ? null : html`<div class="sliders">${slider("passes", "min")}${slider("passes", "max")}${slider("fails", "min")}${slider("fails", "max")}</div>`}
      ${change ? html`<button class="link" onClick=${() => onChange(null)}>${say("rulesReset")}</button>` : null}
    </div></li>`;
}

/** How far a slider goes: around the bound as the profile has it. @param {Rule} rule @param {"min" | "max"} end */
function rangeOf(rule, end) {
  const bounds = [rule.fails[end], rule.passes[end]].filter((bound) => bound !== null);
  const [low, high] = [Math.min(...bounds), Math.max(...bounds)];
  const reach = Math.max(high - low, Math.abs(high), Math.abs(low), 1e-3) * 0.75;
  const span = rule.unit === "ratio" && low >= 0 && high <= 1 ? { low: 0, high: 1 } : { low: low - reach, high: high + reach };
  const step = 10 ** Math.floor(Math.log10((span.high - span.low) / 100));
  return { low: Math.floor(span.low / step) * step, high: Math.ceil(span.high / step) * step, step: Number(step.toPrecision(3)) };
}
