// What the program says of one photo.

import { asked } from "./served.js";

/** @typedef {import("./types.d.ts").Words} Words */
/** @typedef {import("./types.d.ts").Verdict} Verdict */
/** @typedef {{verdict: Verdict, size: [number, number] | null, picture: string | null, findings: import("./types.d.ts").Finding[], rules: import("./types.d.ts").Rule[], error: Words | null, isUnheard?: boolean}} Checked By these rules; `isUnheard` where the program gave no answer; `picture` is a JPEG as base64. */

/**
 * Asks the program about one photo, by the profile of this id, or the one in force; for a picture too that every browser shows.
 * @param {Blob} photo @param {string} name @param {"file" | "camera" | "live"} kind @param {string} [profile] @param {boolean} [picture] @returns {Promise<Checked>}
 */
export const check = (photo, name, kind, profile = "", picture = false) => asked(`check?kind=${kind}&profile=${profile}&picture=${picture}`, photo, { "X-Photo-Name": encodeURIComponent(name) });
