// What the program says of one photo.

import { asked } from "./served.js";

/** @typedef {import("./types.d.ts").Words} Words */
/** @typedef {import("./types.d.ts").Verdict} Verdict */
/** @typedef {{verdict: Verdict, size: [number, number] | null, findings: import("./types.d.ts").Finding[], rules: import("./types.d.ts").Rule[], error: Words | null, isUnheard?: boolean}} Checked By these rules; `isUnheard` where the program gave no answer. */

/**
 * Asks the program about one photo, by the profile of this id, or the one in force.
 * @param {Blob} photo @param {string} name @param {"file" | "camera" | "live"} kind @param {string} [profile] @returns {Promise<Checked>}
 */
export const check = (photo, name, kind, profile = "") => asked(`check?kind=${kind}&profile=${profile}`, photo, { "X-Photo-Name": encodeURIComponent(name) });
