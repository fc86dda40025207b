// Everything the page says, Chinese and English side by side.

/** @typedef {import("./types.d.ts").Words} Words */

/** 1 photo, 2 photos. @param {number} n @param {string} thing */
const counted = (n, thing) => `${n} ${thing}${n === 1 ? "" : "s"}`;

const TEXT = {
  product: ["毕业照自查", "Graduation photo check"],
  offline: ["照片只在本机检查，不联网", "Photos never leave this computer"],
  tabTry: ["试一张", "Try one"],
  tabBatch: ["一批照片", "A batch"],
  tabLive: ["拍摄现场", "At the shoot"],
  tabRules: ["规则", "Rules"],
  otherLanguage: ["English", "中文"],
  close: ["关闭", "Close"],
  cancel: ["取消", "Cancel"],
  loading: ["正在读取……", "Loading…"],
  lost: ["与程序的连接已断开。请重新打开 gradphoto。", "The program has stopped. Start gradphoto again."],
  switched: [(/** @type {string} */ folder) => `另一个页面打开了文件夹 ${folder}；程序同时只打开一个，本页也换成了它。`, (/** @type {string} */ folder) => `Another tab opened ${folder}; the program has one folder open at a time, so this tab shows it too.`],
  switchBack: [(/** @type {string} */ folder) => `换回 ${folder}`, (/** @type {string} */ folder) => `Back to ${folder}`],
  switchStay: ["知道了", "Stay here"],
  yes: ["确定", "OK"],
  none: ["（未分组）", "(no folder)"],
  between: ["、", ", "],

  pass: ["合格", "Pass"], fail: ["不合格", "Fail"], review: ["待确认", "Review"], unread: ["无法读取", "Unreadable"],
  advice: ["建议", "Advice"], "not-assessed": ["未判定", "Not assessed"],
  done: ["已合格", "Done"], reprocess: ["需处理", "Reprocess"], retake: ["需重拍", "Retake"], missing: ["未拍", "No photo"], granted: ["人工放行", "Granted"], collected: ["此前已采集", "Collected before"],
  accept: ["人工通过", "Accepted"], reject: ["人工退回", "Sent back"], override: ["人工放行", "Granted"],
  contested: ["结论不一致", "Disputed"],

  tryTitle: ["放一张照片，马上知道合不合格", "Drop a photo and see at once whether it passes"],
  tryDrop: ["把照片拖到这里", "Drop a photo here"],
  tryDropNow: ["松开鼠标即可检查", "Let go to check it"],
  tryPaste: ["也可以直接粘贴（Ctrl+V）", "or paste it (Ctrl+V)"],
  choose: ["选择照片", "Choose a photo"],
  useCamera: ["用摄像头拍", "Use the camera"],
  another: ["换一张", "Another photo"],
  tryKept: ["照片不上传、不保存，关掉页面就没有了。", "Nothing is uploaded or kept; it is gone when the page closes."],
  tryFolder: ["这是文件夹。一个文件夹的照片请在“一批照片”里打开。", "This is a folder. Open a folder of photos under “A batch”."],
  tryFirst: [(/** @type {number} */ n) => `一次只查一张：拖入的 ${n} 张里只查了这张。多张照片请放进文件夹，在“一批照片”里打开。`, (/** @type {number} */ n) => `One at a time: of the ${n} photos only this one was checked. Open a folder of photos under “A batch”.`],
  checking: ["正在检查……", "Checking…"],
  verdictPass: ["合格，可以使用", "Passes and can be used"],
  verdictReview: ["基本可用，有几处须人工确认", "Nearly there: a person should take a look"],
  verdictFail: ["不合格，请按下面的说明处理", "Does not pass; here is what to change"],
  verdictUnread: ["这个文件打不开", "This file cannot be opened"],
  verdictNone: ["没有检查成，请再试一次", "Not checked; please try again"],
  verdictPassLine: ["各项要求均已满足。", "It meets every requirement."],
  whatToDo: ["要做什么", "What to do"], lookAt: ["请看这几处", "Look at these"],
  ifYouLike: ["建议（不影响结论）", "Advice (does not change the verdict)"],
  unknown: ["未能判定", "Could not be judged"],
  rest: [(/** @type {number} */ n) => `其余 ${n} 项合格`, (/** @type {number} */ n) => (n === 1 ? "the other requirement is met" : `${n} other requirements are met`)],
  drawing: ["下载标注图", "Download the drawing"],
  figure: ["测得", "Measured"], allowed: ["应为", "Required"], clause: ["条款", "Clause"], rule: ["规则", "Rule"],
  byFile: ["文件导出", "file"], byCapture: ["拍摄", "shot"], byFraming: ["裁剪", "crop"], bySubject: ["本人", "person"],
  profile: ["检查标准", "Standard"],
  profileMarked: [
    (/** @type {string} */ title, /** @type {string} */ name) => `${title}（${name}）`,
    (/** @type {string} */ title, /** @type {string} */ name) => `${title} (${name})`,
  ],
  profileChanged: [(/** @type {string} */ name) => `${name}，已调整`, (/** @type {string} */ name) => `${name}, changed`],
  cameraShot: ["照片取自摄像头，未检查文件大小、格式等项。", "Taken from the camera: file size and format were not checked."],

  cameraStart: ["正在打开摄像头……", "Starting the camera…"],
  cameraRefused: ["浏览器没有允许使用摄像头。请点地址栏左边的图标，允许摄像头后重试。", "The browser does not allow the camera. Allow it with the icon to the left of the address bar and try again."],
  cameraMissing: ["没有找到摄像头。请插好摄像头后重试。", "No camera was found. Plug one in and try again."],
  cameraBusy: ["摄像头正被其他程序使用。请关闭那个程序后重试。", "Another program is using the camera. Close it and try again."],
  cameraPick: ["摄像头", "Camera"],
  retry: ["重试", "Try again"],
  shoot: ["拍照", "Take the photo"],
  stopCamera: ["关闭摄像头", "Stop the camera"],
  sitIn: ["请把头放进椭圆里", "Put your head inside the oval"],
  ready: ["可以拍了", "Ready"],
  almost: ["差不多了", "Nearly"],
  noFace: ["没有看到人脸", "No face in sight"],
  aspectLight: ["光线", "Light"], aspectBackground: ["背景", "Background"], aspectPose: ["姿势", "Pose"], aspectEyes: ["眼睛", "Eyes"],
  aspectEars: ["耳朵", "Ears"], aspectGlasses: ["眼镜", "Glasses"], aspectFraming: ["位置", "Position"], aspectClothes: ["着装", "Clothes"],

  openTitle: ["打开一个照片文件夹", "Open a folder of photos"],
  openHint: ["选择学校、院系或班级的文件夹，里面的子文件夹会一起检查。照片不会被改动。", "Choose the folder of a school, department or class; folders inside it are checked too. Photos are never changed."],
  openPath: ["文件夹位置", "Folder"],
  openPathHint: ["可从资源管理器地址栏复制后粘贴", "may be copied from the file manager's address bar"],
  open: ["打开", "Open"],
  openThis: ["打开这个文件夹", "Open this folder"],
  up: ["上一级", "Up"],
  photosHere: [(/** @type {number} */ n) => `此文件夹内有 ${n} 张照片`, (/** @type {number} */ n) => `${counted(n, "photo")} in this folder`],
  recent: ["最近打开", "Recent"],
  otherFolder: ["换文件夹", "Other folder"],
  roster: ["名册", "Roster"],
  addRoster: ["添加名册", "Add a roster"],
  replaceRoster: ["更换名册", "Replace the roster"],
  rosterHint: ["Excel 或 CSV，有学号、姓名、班级等列即可；有了名册才知道谁还没拍。", "Excel or CSV with columns such as 学号, 姓名, 班级. With it you see who has no photo yet."],
  useAsRoster: [(/** @type {string} */ name) => `用“${name}”作名册`, (/** @type {string} */ name) => `Use “${name}” as the roster`],
  rosterRead: [(/** @type {number} */ n) => `名册 ${n} 人`, (/** @type {number} */ n) => `roster of ${n}`],
  start: ["开始检查", "Start checking"], stop: ["暂停", "Pause"], goOn: ["继续检查", "Go on"], again: ["检查新照片", "Check new photos"],
  progress: [
    (/** @type {number} */ n, /** @type {number} */ all) => `已检查 ${n} / ${all} 张`,
    (/** @type {number} */ n, /** @type {number} */ all) => `${n} of ${counted(all, "photo")} checked`,
  ],
  rate: [(/** @type {string} */ n) => `每秒 ${n} 张`, (/** @type {string} */ n) => `${n} a second`],
  left: [(/** @type {string} */ time) => `约剩 ${time}`, (/** @type {string} */ time) => `about ${time} left`],
  minutes: [(/** @type {number} */ n) => `${n} 分钟`, (/** @type {number} */ n) => `${n} min`],
  seconds: [(/** @type {number} */ n) => `${n} 秒`, (/** @type {number} */ n) => `${n} s`],
  counts: ["各类张数", "Counts"],
  subSheet: ["照片", "Photos"], subStudents: ["名单", "Students"], subRules: ["问题统计", "By rule"],
  nextReview: [(/** @type {number} */ n) => `还有 ${n} 张待确认`, (/** @type {number} */ n) => `${counted(n, "photo")} to be decided by a person`],
  nextReviewDo: ["开始逐张确认", "Go through them"],
  nextClear: ["没有待确认的照片了", "No photo is waiting for a person"],
  nextClearDo: ["导出结果", "Export the results"],
  exportDone: ["结果已保存到", "The results are in"],
  exporting: ["正在导出……", "Exporting…"],
  exportSoFar: [
    (/** @type {number} */ n, /** @type {number} */ all) => `检查还没有完成：结果里只有已检查的 ${n} 张，共 ${all} 张。`,
    (/** @type {number} */ n, /** @type {number} */ all) => `The check is not finished: the results hold ${n} of ${counted(all, "photo")}.`,
  ],
  exportHint: ["表格（Excel、CSV）、报告页面和数据都在这个文件夹里。", "Tables (Excel, CSV), the report page and the data are in this folder."],
  export: ["导出结果", "Export"],
  exportDecisions: ["导出人工结论", "Export decisions"], importDecisions: ["导入人工结论", "Import decisions"], print: ["打印", "Print"],
  imported: [(/** @type {number} */ n) => `已导入 ${n} 条人工结论。`, (/** @type {number} */ n) => `${counted(n, "decision")} imported.`],
  unmatched: [
    (/** @type {number} */ n) => `其中 ${n} 条与本报告的照片不符（照片已更换或不在本报告内），未采用。`,
    (/** @type {number} */ n) => `Not used, for other photos (replaced, or not in this report): ${n}.`,
  ],
  badCsv: ["这不是从本报告导出的人工结论文件：第一行应为 photo,sha256,decision,note。", "This is not a file of decisions exported from this report: its first line must be photo,sha256,decision,note."],
  allPhotos: ["全部照片", "All photos"],
  search: ["搜索姓名、学号、文件名", "Search name, number, file"],
  anyVerdict: ["全部结果", "Any result"], anyRule: ["全部问题", "Any problem"], anyPlace: ["全部院系班级", "All departments"],
  anyDecision: ["人工结论不限", "Any decision"], undecided: ["未人工确认", "Waiting"], decided: ["已人工确认", "Decided"],
  clear: ["清除筛选", "Clear"],
  shown: [
    (/** @type {number} */ n, /** @type {number} */ all) => `${n} / ${all} 张`,
    (/** @type {number} */ n, /** @type {number} */ all) => `${n} of ${all}`,
  ],
  noPhotos: ["这个文件夹里没有可以检查的照片，请点“换文件夹”另选一个。", "This folder has no photos to check. Choose another with “Other folder”."],
  nothing: ["没有符合条件的照片。", "No photo matches."],
  noPhoto: ["名册里有、照片还没有：", "On the roster, without a photo:"],
  noPhotoSoFar: ["名册里有、检查到现在还没有照片：", "On the roster, no photo among those checked so far:"],
  department: ["院系", "Department"], klass: ["班级", "Class"], people: ["人数", "Students"], toDo: ["待处理", "To do"],
  name: ["姓名", "Name"], when: ["安排", "When and where"],
  noRoster: ["还没有名册。添加名册后，这里按院系、班级列出谁已合格、谁要重拍、谁还没拍。", "No roster yet. With one, this lists who is done, who must come back and who has no photo."],
  missingSoFar: ["检查还没有完成：照片尚未检查到的学生也算在“未拍”里。", "The check is not finished: students whose photo is still to be checked count as having none."],
  missingList: ["还没有照片的学生", "Students without a photo"],
  mayHave: ["（可能已有照片，请先核对）", "(may have one: sort that out first)"],
  lists: ["需要核对", "To sort out"],
  unusedDecisions: ["未采用的人工结论", "Decisions that were not used"],
  share: ["占比", "Share"],

  position: [
    (/** @type {number} */ n, /** @type {number} */ all) => `第 ${n} / ${all} 张`,
    (/** @type {number} */ n, /** @type {number} */ all) => `${n} of ${all}`,
  ],
  reviewLeft: [(/** @type {number} */ n) => `还剩 ${n} 张待确认`, (/** @type {number} */ n) => `${n} left to review`],
  doAccept: ["通过", "Accept"], doReject: ["退回重拍", "Send back"], doOverride: ["放行", "Grant"], doUndo: ["撤销", "Undo"], doUndoLast: ["撤销上一个结论", "Undo the last decision"],
  previous: ["上一张", "Previous"], next: ["下一张", "Next"],
  note: ["备注", "Note"],
  noteHint: ["可写备注", "Note, if any"],
  settled: ["规则已得出结论，无需人工确认。", "The rules have decided this photo; nobody needs to confirm it."],
  overrideTitle: ["放行这张照片", "Allow this photo as an exception"],
  overrideHint: ["通知允许的情形（如宗教、医疗原因戴头巾）才可放行。原因必填，会写进所有表格。", "Only where the notice allows it, such as head cover for religious or medical reasons. A reason is required and appears in every table."],
  overrideReason: ["放行原因", "Reason"],
  clerkTitle: ["由谁确认？请写姓名", "Who is deciding?"],
  clerkHint: ["人工结论会记下是谁、何时作出的。", "Each decision is kept together with who made it and when."],
  clerkName: ["姓名", "Name"],
  clerkIs: [(/** @type {string} */ name) => `确认人：${name}`, (/** @type {string} */ name) => `Deciding: ${name}`],
  saidBy: [
    (/** @type {string} */ who, /** @type {string} */ at) => `${who}　${at}`,
    (/** @type {string} */ who, /** @type {string} */ at) => `${who}, ${at}`,
  ],
  disputed: ["两个人的结论不一致，暂按待确认处理，请商定后由其中一人改正。", "Two people decided differently: the photo stays under review until one of them changes the decision."],
  whoseTitle: ["这是谁的照片？", "Whose photo is it?"],
  whoseHint: ["输入学号或姓名", "Type a number or a name"],
  whoseFirst: ["请先选这是谁的照片，再通过或放行。", "Choose whose photo it is before you accept or grant it."],
  whoseNoneWithout: ["还没有照片的学生里没有这样的人", "No student without a photo has this number or name"],
  whoseNone: ["名册里没有这样的学生", "Nobody on the roster has this number or name"],
  give: ["改给…", "Give to…"],
  setAside: ["以该生的另一张照片为准", "Another photo of this student counts"],
  retaken: ["已重拍，以后一张为准", "Shot again: the later photo counts"],
  displaced: ["已确认是另一名学生的照片", "This picture was confirmed as another student's"],
  allDone: ["都确认完了", "All done"],
  sameAs: ["同一批里的相关照片", "Related photos of this batch"],

  liveTitle: ["边拍边查，当场重拍", "Check while shooting"],
  liveHint: ["选择相机联机保存照片的文件夹。每拍一张，马上出大字结论；不合格当场重拍，以最后一张为准。", "Choose the folder that the camera saves to. Each shot is judged at once; a retake replaces the last one."],
  liveStop: ["结束监看", "Stop"],
  liveWaiting: ["等待拍照……", "Waiting for a shot…"],
  liveWatching: [(/** @type {string} */ folder) => `正在监看 ${folder}`, (/** @type {string} */ folder) => `Watching ${folder}`],
  notChecked: [(/** @type {number} */ n) => `有 ${n} 个文件可能是照片，但不能检查`, (/** @type {number} */ n) => `${n} ${n === 1 ? "file" : "files"} may be photos and cannot be checked`],
  notJudged: [(/** @type {number} */ n) => `没有判定的文件：${n} 个`, (/** @type {number} */ n) => `Files not judged: ${n}`],
  andMore: [(/** @type {number} */ n) => `还有 ${n} 个`, (/** @type {number} */ n) => `and ${n} more`],
  kiosk: ["全屏大字", "Full screen"],
  leaveKiosk: ["退出全屏（Esc）", "Leave full screen (Esc)"],
  sound: ["提示音", "Sound"], on: ["开", "on"], off: ["关", "off"],
  nowUp: ["正在拍", "Now"], nextUp: ["下一位", "Next"],
  missingHere: [(/** @type {number} */ n) => `还没拍 ${n} 人`, (/** @type {number} */ n) => `${n} not shot yet`],
  scan: ["扫码或输入学号、姓名，按回车选人", "Scan a code, or type number or name, then Enter"],
  scanHint: ["上一张算错了人：输入 = 后扫码或输入学号改正", "Where the last photo went to the wrong student, type = and scan or type the right number"],
  anyClass: ["全部班级", "All classes"],
  nobody: ["未选人：按文件名对应", "Nobody chosen: matched by file name"],
  nobodysShot: ["未对应到学生", "nobody's"],
  unscanned: ["还没有扫码", "No code was scanned"],
  unscannedDo: ["这张照片没有对应到学生；请扫码后重拍，或按“改给…”指明是谁。", "This photo belongs to nobody: scan and shoot again, or press “Give to…” and say whose it is."],
  lastShots: ["刚拍的", "Latest"],
  shotOk: ["合格", "Pass"], shotLook: ["请看一眼", "Look"], shotRetake: ["请重拍", "Retake"],
  shotOkDo: ["可以离开了", "You may go"],
  noStudent: [(/** @type {number} */ n) => `文件夹里有 ${n} 张照片不知道是谁的`, (/** @type {number} */ n) => `${counted(n, "photo")} in the folder without a student`],
  everyoneDone: ["这个班拍完了", "This class is done"],

  rulesTitle: ["当前标准", "The standard in force"],
  rulesHint: ["拖动滑块，看看放宽或收紧一项会怎样；照片不用重新检查。", "Move a slider to see what a wider or narrower limit would do; no photo is checked again."],
  rulesNow: ["目前", "Now"], rulesThen: ["改后", "Then"],
  rulesChanged: [(/** @type {number} */ n) => `${n} 张照片的结论会改变`, (/** @type {number} */ n) => `${counted(n, "verdict")} would change`],
  rulesUnchanged: ["没有照片的结论会改变", "No verdict would change"],
  rulesReset: ["恢复", "Reset"],
  rulesUse: ["采用新标准", "Use these limits"],
  rulesUsed: ["已采用，并存为", "In use, and saved as"],
  rulesNoBatch: ["打开一批照片后，这里会显示影响。", "Open a batch to see the effect."],
  passesWithin: ["合格范围", "Passes"], failsOutside: ["超出即不合格", "Fails outside"], clearOutside: ["超出即明显", "Clear fault outside"],
  minimum: ["下限", "Minimum"], maximum: ["上限", "Maximum"],
  severity: ["不满足时", "If not met"], reject_: ["判为不合格", "fails"], ask_: ["请人确认", "a person looks"], advise_: ["只作建议", "advice only"],
};

/** @typedef {keyof typeof TEXT} Key */

/** @type {"zh" | "en"} */
let language = "zh";

/** @param {"zh" | "en"} chosen */
export function setLanguage(chosen) {
  language = chosen;
  document.documentElement.lang = chosen === "zh" ? "zh-CN" : "en";
}

export const inChinese = () => language === "zh";

/**
 * What the page says for `key`; some sentences take numbers or names.
 * @param {Key} key @param {(string | number)[]} values @returns {string}
 */
export function say(key, ...values) {
  const words = TEXT[key][inChinese() ? 0 : 1];
  return typeof words === "function" ? /** @type {(...values: any[]) => string} */ (words)(...values) : words;
}

/** @param {Words} words */
export const told = (words) => words[language];

/** A reason that stands alone. @param {Words} words */
export function sentence(words) {
  const text = told(words);
  const stop = /[.!?。！？：:]$/.test(text) ? "" : inChinese() ? "。" : ".";
  return text && text[0].toUpperCase() + text.slice(1) + stop;
}

/** Control characters, such as those that turn the direction of writing, made visible: a name must not hide what it is. */
export const visible = (/** @type {string} */ name) => name.replace(
  /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g,
  (c) => `⟨U+${c.charCodeAt(0).toString(16).padStart(4, "0")}⟩`,
);

/** @param {number} seconds */
export function duration(seconds) {
  return seconds < 90 ? say("seconds", Math.max(1, Math.round(seconds))) : say("minutes", Math.round(seconds / 60));
}

/** @param {string} at a time as RFC 3339 */
export function clock(at) {
  const time = new Date(at);
  return Number.isNaN(time.valueOf()) ? "" : time.toLocaleString(inChinese() ? "zh-CN" : "en-GB", { dateStyle: "short", timeStyle: "short" });
}
