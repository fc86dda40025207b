// What the program says of one photo.

import { asked } from "./served.js";

/** @typedef {import("./types.d.ts").Words} Words */
/** @typedef {import("./types.d.ts").Verdict} Verdict */
/** @typedef {{verdict: Verdict, size: [number, number] | null, findings: import("./types.d.ts").Finding[], error: Words | null, isUnheard?: boolean}} Checked `isUnheard` where the program gave no answer. */

/** Asks the program about one photo. @param {Blob} photo @param {string} name @param {"file" | "camera" | "live"} kind @returns {Promise<Checked>} */
export const check = (photo, name, kind) => asked(`check?kind=${kind}`, photo, { "X-Photo-Name": encodeURIComponent(name) });
