// The camera with an oval to sit in and a verdict several times a second, so that the bad photo is never taken.

import { html, useEffect, useLayoutEffect, useRef, useState } from "./vendor/preact.js";
import { check } from "./check.js";
import { SIGN, markedBy } from "./parts.js";
import { say, told, visible } from "./words.js";

/** @typedef {import("./types.d.ts").Finding} Finding */
/** @typedef {import("./words.js").Key} Key */

/** A photo is three parts wide and four high; this many pixels go to the program. */
const WIDTH = 480;
const HEIGHT = 640;
/** The shot itself may be so many times larger. */
const SHOT = 3;
/** Between an answer and the next question: the page stays smooth on a slow computer. */
const PAUSE_MS = 60;

/** What each part of the list looks at, by rules. @type {[Key, RegExp][]} */
const ASPECTS = [
  ["aspectFraming", /^(single-face|head-top-margin|eye-line|face-width|horizontal-centring|shoulders-in-frame)$/],
  ["aspectLight", /exposure|illumination|highlights|natural-colour|red-eye|sharpness/],
  ["aspectBackground", /^background|border/],
  ["aspectPose", /^head-(roll|yaw|pitch)|shoulders-level|expression|mouth/],
  ["aspectEyes", /^(eyes|gaze|eyebrows|face-unobstructed)/],
  ["aspectEars", /^ears|^earrings|^hair/],
  ["aspectGlasses", /^glasses/],
  ["aspectClothes", /cloth|collar|hood|shoulders-covered|necklace|head-uncovered|makeup/],
];

/** @param {{profile: string | undefined, onShot: (shot: Blob) => void, onStop: () => void}} _ */
export function Camera({ profile, onShot, onStop }) {
  const video = useRef(/** @type {HTMLVideoElement | null} */ (null));
  const [trouble, setTrouble] = useState(/** @type {Key | null} */ (null));
  const [seen, setSeen] = useState(/** @type {import("./check.js").Checked | null} */ (null));
  const [cameras, setCameras] = useState(/** @type {MediaDeviceInfo[]} */ ([]));
  const [device, setDevice] = useState("");
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    let stopped = false;
    /** @type {MediaStream | null} */ let stream = null;
    const follow = async () => {
      try {
        if (!navigator.mediaDevices) throw new DOMException("", "NotFoundError");
        const wanted = { width: { ideal: 1920 }, height: { ideal: 1080 }, ...(device ? { deviceId: { exact: device } } : { facingMode: "user" }) };
        stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
      } catch (error) {
        const name = error instanceof DOMException ? error.name : "";
        setTrouble(name === "NotAllowedError" ? "cameraRefused" : name === "NotReadableError" ? "cameraBusy" : "cameraMissing");
        return;
      }
      if (stopped || !video.current) { stream.getTracks().forEach((track) => track.stop()); return; }
      setTrouble(null);
      video.current.srcObject = stream;
      await video.current.play().catch(() => {});
      setCameras((await navigator.mediaDevices.enumerateDevices()).filter((each) => each.kind === "videoinput"));
      while (!stopped) {
        const frame = video.current && await cropped(video.current, 1);
        const checked = frame && await check(frame, "live.jpg", "live", profile).catch(() => null);
        if (!stopped && checked) setSeen(checked);
        await new Promise((wake) => { setTimeout(wake, PAUSE_MS); });
      }
    };
    follow();
    return () => { stopped = true; stream?.getTracks().forEach((track) => track.stop()); };
  }, [device, attempt]);

  const shoot = async () => {
    const shot = video.current && await cropped(video.current, SHOT);
    if (shot) onShot(shot);
  };
  useLayoutEffect(() => {
    const key = (/** @type {KeyboardEvent} */ event) => {
      const target = /** @type {HTMLElement} */ (event.target);
      if (event.key === "Escape") onStop();
      if (event.key === " " && target.tagName !== "BUTTON" && target.tagName !== "SELECT") { event.preventDefault(); shoot(); }
    };
    addEventListener("keydown", key);
    return () => removeEventListener("keydown", key);
  }, []);

  if (trouble) {
    return html`<section class="drop" role="alert"><h2>${say(trouble)}</h2><div class="buttons">
      <button class="primary" onClick=${() => { setTrouble(null); setAttempt(attempt + 1); }}>${say("retry")}</button>
      <button onClick=${onStop}>${say("cancel")}</button></div></section>`;
  }
  const state = stateOf(seen);
  const [first] = [...markedBy(seen?.findings ?? [], "fail"), ...markedBy(seen?.findings ?? [], "review")];
  return html`<section class="camera">
    <div class=${`viewfinder ${state}`} data-state=${state}>
      <video ref=${video} muted playsinline aria-label=${say("useCamera")}></video>
      <svg viewBox="0 0 480 640" aria-hidden="true">
        <path fill-rule="evenodd" class="shade" d="M0 0H480V640H0z M240 92c-66 0-112 56-112 138 0 90 48 168 112 168s112-78 112-168c0-82-46-138-112-138z" />
        <path class="oval" d="M240 92c-66 0-112 56-112 138 0 90 48 168 112 168s112-78 112-168c0-82-46-138-112-138z" />
        <path class="oval" d="M20 640c6-110 70-178 160-190M460 640c-6-110-70-178-160-190" />
      </svg>
    </div>
    <div class="camera-words">
      <div class=${`verdict ${state}`} aria-live="polite" id="live-verdict" data-state=${state}>
        <span class="sign" aria-hidden="true">${state === "waiting" ? "…" : SIGN[state]}</span>
        <div><h2>${seen ? headline(seen) : say("cameraStart")}</h2>
          <p>${first ? visible(told(first.reason)) : say("sitIn")}</p></div>
      </div>
      <ul class="aspects">${ASPECTS.map(([label, rules]) => {
        const of = seen?.findings.filter((finding) => rules.test(seen.rules[finding.rule].id)) ?? [];
        const kind = !seen || of.every((finding) => finding.verdict === "not-assessed") ? "not-assessed"
          : of.some((finding) => finding.mark === "fail") ? "fail" : of.some((finding) => finding.mark === "review") ? "review" : "pass";
        return html`<li class=${kind}><i aria-hidden="true">${SIGN[kind]}</i> ${say(label)}<span class="sr"> ${say(kind)}</span></li>`;
      })}</ul>
      <div class="buttons">
        <button class="primary big" id="shoot" onClick=${shoot}>${say("shoot")} <kbd>␣</kbd></button>
        <button onClick=${onStop}>${say("stopCamera")} <kbd>Esc</kbd></button>
      </div>
      ${cameras.length > 1 ? html`<label class="profile"><span>${say("cameraPick")}</span>
        <select value=${device} onChange=${(/** @type {Event} */ event) => setDevice(/** @type {HTMLSelectElement} */ (event.target).value)}>
          ${cameras.map((each, i) => html`<option value=${each.deviceId}>${visible(each.label || `${say("cameraPick")} ${i + 1}`)}</option>`)}
        </select></label>` : null}
      <p class="soft">${say("tryKept")}</p>
    </div>
  </section>`;
}

/** @param {import("./check.js").Checked | null} seen @returns {"waiting" | "pass" | "review" | "fail"} */
const stateOf = (seen) => (!seen ? "waiting" : seen.verdict === "unread" ? "fail" : seen.verdict);

/** @param {import("./check.js").Checked} seen */
function headline(seen) {
  const faces = seen.findings.find((finding) => seen.rules[finding.rule].id === "single-face");
  if (faces?.verdict === "fail") return say("noFace");
  if (seen.verdict === "pass") return say("ready");
  return say(seen.verdict === "review" ? "almost" : "fail");
}

/** The middle of the picture, three by four. @param {HTMLVideoElement} video @param {number} scale @returns {Promise<Blob | null>} */
async function cropped(video, scale) {
  const { videoWidth, videoHeight } = video;
  if (!videoWidth) return null;
  const height = Math.min(videoHeight, (videoWidth * 4) / 3);
  const width = (height * 3) / 4;
  // No larger than the camera's own picture.
  const times = Math.min(scale, Math.max(1, height / HEIGHT));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(WIDTH * times);
  canvas.height = Math.round(HEIGHT * times);
  canvas.getContext("2d")?.drawImage(video, (videoWidth - width) / 2, (videoHeight - height) / 2, width, height, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => { canvas.toBlob(done, "image/jpeg", 0.95); });
}
