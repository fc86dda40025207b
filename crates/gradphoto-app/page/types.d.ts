/** What a host tells the page; written by `records.rs`. */

export interface Words { zh: string; en: string }

export interface Limits { min: number | null; max: number | null }

/** A rule as the profile in force applies it. */
export interface Rule {
  id: string; name: Words; clause: string; group: "file" | "capture" | "framing" | "subject";
  severity: "reject" | "ask" | "advise"; limit: Words; unit: string;
  /** What a value that is too small, or too large, is called. */
  wrong: [Words | null, Words | null];
  /** Outside `fails`: fail; outside `passes`: review. In the rule's unit. */
  fails: Limits; passes: Limits;
  /** What the rule measures, from the handbook. */
  about: Words;
}

export interface BatchRule { id: string; name: Words; clause: string }

/** Files that may be photos and were not looked at: how many, and the first. */
export interface Beside { count: number; first: { name: string; why: Words }[] }

/** A student of the roster; in a report that is given away, `who` and `key` only where there is no photo. */
export interface Student { department: string; major: string; class: string; /** Those three that are known. */ place: string[]; who: string | null; key: string | null; codes: string[]; when: string; /** Elsewhere, as the roster says: not missed here. */ collected: boolean;
  /** Has no photo for certain, but one that is still open may be it: nobody calls yet. */ may_have: boolean }

export interface Meta {
  language: "zh" | "en"; profile: string; title: Words; subtitle: string; rules: Rule[]; across: BatchRule[];
  students: Student[]; unused: { photo: string; reason: Words }[];
  /** Standard, program, nets and date, where the page is a report. */
  imprint?: Words;
  /** In a report, what was not looked at and may be photos. */
  beside?: Beside;
}

export type Verdict = "pass" | "review" | "fail" | "unread";
export type Mark = "fail" | "review" | "advice" | "not-assessed";
export type Choice = "accept" | "reject" | "override";

/** What one person said of a photo, the latest. */
export interface Said { decision: Choice | null; note: string; student: string; who: string; at: string }

/** A photo as lists show it; `verdict` is review too where it passes and it is open whose it is. */
export interface Row {
  id: number; photo: string; sha256: string; verdict: Verdict; place: string[]; student: number | null; who: string | null;
  /** Place in `Meta.rules`, what became of it, and whether the value is too large. */
  marks: [number, Mark, boolean][];
  /** Places in `Meta.across`. */
  notes: number[];
  size: [number, number] | null;
  /** Whether a person may grant it although a rule fails. */
  overridable: boolean;
  /** Whether what fails it lies in its file or its crop alone: nobody need come. */
  mendable: boolean;
  /** Whether there is a roster and it is not known whose it is: to let it pass is to say so. */
  nobodys: boolean;
  /** Whether people decided something of it that does not count, as the program found when it put the batch together. */
  unused: boolean;
  /** What a decision on another photo means for this one: its student has a better one, or the picture is somebody else's; or that
   * its student was shot again, so that this one counts no more. */
  fate: "set-aside" | "displaced" | "retaken" | null;
  said: Said[];
}

/** Left, top, width and height in pixels of the photo. */
export type Region = [number, number, number, number];

/** What one rule says. */
export interface Finding { rule: number; verdict: string; value: Words | null; mark: Mark | null }

/** One that somebody must see; `name` is what is wrong. Figures that are no help to people are for those who ask. */
export interface Marked extends Finding { mark: Mark; name: Words; figure: boolean; reason: Words; region: Region | null }

export interface Note { rule: number; kind: string; reason: Words; photos: number[] }

/** A photo in full. */
export interface Details { findings: Finding[]; notes: Note[]; error: Words | null; link: string | null }

/** Where a run stands. */
export interface Run { state: "idle" | "running" | "done" | "stopped" | "failed"; done: number; total: number; per_second: number; error: Words | null }

/** What is about to be said. */
export interface Saying { decision: Choice | null; note: string; student: string }

export interface Host {
  /** Whether a program stands behind the page. */
  served: boolean;
  meta(): Meta;
  rows(): Row[];
  details(row: Row): Promise<Details>;
  /** Address of the small picture. */
  picture(row: Row): string;
  /** Address of the photo itself, where it can be reached. */
  original(row: Row, details: Details): string | null;
  say(row: Row, said: Saying): Promise<void>;
  /** Name of whoever decides here; empty until told. */
  clerk(): string;
  setClerk(name: string): void;
  /** Calls back whenever rows or the run have changed; returns how to stop that. */
  onChange(call: () => void): () => void;
}
