//! Help in Chinese: the same commands and options, worded for a school's office.

use clap::builder::{PossibleValuesParser, TypedValueParser, ValueParser};
use clap::{Arg, ArgAction, Command, ValueEnum};

use crate::args::{ReportFormat, TableFormat};
use crate::upload::archives::Per;

/// Commands with what they do, by their names one below the other.
const COMMANDS: &[(&str, &str)] = &[
    (
        "",
        "毕业照自查：对照《高等教育学历证书电子注册图像采集规范》逐条检查照片，全程离线，照片不出本机，也不识别任何人。",
    ),
    ("serve", "为其他程序提供 HTTP 检查服务"),
    ("check", "检查照片，说明每张哪里不合格、怎样改"),
    ("watch", "监视相机的联机文件夹，照片一到即判定"),
    ("prepare", "生成上传用的副本：只裁剪、缩放、压缩到规定范围，可按名册命名、打包"),
    ("rules", "列出全部规则及其范围"),
    ("explain", "显示规则的说明"),
    ("profile", "列出各套标准，或显示其中一套的全部内容"),
    ("profile list", "列出内置的各套标准，第一个为默认"),
    ("profile show", "以 TOML 显示一套标准的全部内容，可作为自定义的起点"),
    ("completions", "输出命令行补全脚本"),
    ("man", "输出手册页"),
];

/// Options and arguments by command and id; an empty command stands for all.
const ARGS: &[(&str, &str, &str)] = &[
    ("", "path", "在浏览器中打开网页并载入此文件夹的照片，或试这一张照片；不写则在网页中选一张"),
    ("", "port", "网页使用的端口，0 为任意空闲端口"),
    ("", "no_open", "只显示网页地址，不自动打开浏览器"),
    ("serve", "listen", "监听的地址；其他电脑要访问须有 --token-file"),
    ("serve", "token_file", "令牌文件，至少16个字符：调用的程序须出示其中的令牌"),
    ("", "help", "显示帮助"),
    ("", "version", "显示版本"),
    ("", "no_config", "不读取照片旁的 gradphoto.toml"),
    ("", "profile", "用哪一套标准：内置名称，或 TOML 文件"),
    ("", "jobs", "同时处理几张，最多为核数的四倍，0 为用满处理器"),
    (
        "",
        "engine",
        "识别引擎：auto（有 ONNX Runtime 就用，否则 tract）、tract（内置，较慢）或 ONNX Runtime 库的路径（1.24 以上）",
    ),
    ("", "lang", "输出语言；默认随系统，系统为英文时用英文，否则用中文"),
    (
        "",
        "roster",
        "学生名册（XLSX、XLS、ODS、CSV 或教务系统导出的表格）：按表头认列，如 院系 专业 班级 学号 考生号 姓名 证件号码 采集码 批次 时间 地点；开始时会说明读到了什么",
    ),
    ("", "schedule", "时间安排表（通知的附件1：批次 系部 起止时间 地点），按院系或班级对应"),
    ("", "capture", "按 prepare 将裁出的画面判定相机原片，不看文件本身的要求"),
    ("", "decisions", "人工结论文件（由 report.html 导出），按照片内容和学生对应；可给多个"),
    ("", "details", "显示全部测量值和范围，合格照片也显示建议"),
    (
        "check",
        "paths",
        "照片和文件夹；文件夹连同下级一起检查，隐藏文件跳过，2.jpg 排在 10.jpg 前；- 表示从标准输入读一张照片",
    ),
    ("check", "files_from", "另从文件读取照片和文件夹，每行一个，或以 NUL 分隔；- 为标准输入"),
    ("check", "select", "只用这些规则"),
    ("check", "ignore", "不用这些规则"),
    ("check", "format", "输出格式"),
    ("check", "quiet", "不显示合格的照片和名册读取说明"),
    ("check", "annotate", "把检查结果画在每张照片上，存到此文件夹；原照片不动"),
    (
        "check",
        "output",
        "结果写入此文件夹：report.jsonl、report.html、report.csv、report.xlsx、batch.json、名单，以及已查看照片的记录",
    ),
    ("check", "resume", "接着上次中断处继续，已查看的照片不再查看，也不再显示"),
    ("check", "overwrite", "覆盖上次的结果；未变的照片不重新查看"),
    ("check", "graduation", "毕业年月，如 2026-06（名册有毕业日期列时不用）：拍摄时间早于毕业一年以上的转人工确认"),
    (
        "check",
        "notices",
        "通知写入此文件夹：每班一份（学生本人能改的，姓名和号码打码）、摄影师一份（按拍摄序号或采集码）、文件处理一份（写文件路径）；各有 .docx 可打印、.txt 可粘贴到群里；旧的自动删除",
    ),
    ("check", "retake", "补拍的日期、时间、地点，写进通知和补拍名单"),
    ("check", "unmask", "通知中显示完整姓名和号码"),
    ("check", "sheets", "照片确认表写入此文件夹（A4，.docx）：照片、学号、姓名、签名栏，每班一份，每系另有一份合集"),
    ("check", "for_vendor", "给拍摄单位的清单写入此文件夹：只有拍摄序号或采集码、小图和原因，不含姓名和证件号码"),
    ("check", "cache", "测量结果存放处，未变的照片不再重新查看；使用 --output 时默认与结果放在一起"),
    ("check", "no_cache", "全部照片重新查看"),
    (
        "",
        "assign",
        "照片怎样对应学生：names 按文件名；order 按拍摄顺序（EXIF 时间，否则文件名），学生按名册“拍摄序号”，没有则班内按学号，有人后到而人数相符时看不出来，请逐班核对头尾两张或请学生签字（check --sheets）；或一份照片与学号的列表（如 watch 写的 assigned.csv）",
    ),
    (
        "",
        "shift",
        "顺序从哪张起错位：照片:+1 此前一人未到，照片:-1 是上一人重拍（以后一张为准），照片=学号 此张是该生；其后顺延。@文件：每行一条",
    ),
    ("", "absent", "没有来的学生的学号或姓名；文件夹=学号 为没有来参加 --queue 那一场的人。@文件：每行一个"),
    ("", "queue", "某个相机文件夹按另一份名单的顺序拍摄（如补拍），写成 文件夹=名单"),
    ("watch", "folder", "照片进来的文件夹，连同下级"),
    ("watch", "existing", "已在文件夹里的照片也判定"),
    ("watch", "output", "结果追加到此文件夹的 report.jsonl，照片与学生的对应追加到 assigned.csv"),
    (
        "watch",
        "assign",
        "names 按文件名；scan 每人拍前扫采集码或输入学号，重拍不用再扫；order 按顺序，输入 - 重拍上一人，+ 跳过未到的人，输入学号从该生起；上一张算错了人，输入 = 和学号改正，更早的输入 照片=学号",
    ),
    ("prepare", "paths", "照片和文件夹，同 check"),
    ("prepare", "output", "副本放在哪里"),
    ("prepare", "overwrite", "覆盖同名文件，即使它是另一张原片的副本、后来被改动过，或不是本程序写的"),
    (
        "prepare",
        "name",
        "按名册命名：文字加大括号中的列名，如 zp{考生号} 或 {院系}/{班级}/{学号}；有空缺或重名时逐一指出，什么也不写",
    ),
    ("prepare", "zip", "另将副本打包到 zip 文件夹：只有照片，文件名为 UTF-8"),
    ("prepare", "ready", "只生成合格的，或经人工通过、放行的（--decisions）"),
    ("prepare", "graduation", "毕业年月，如 2026-06，同 check"),
    ("rules", "format", "输出格式"),
    ("explain", "rules", "规则编号，如 eye-line（gradphoto rules 列出全部），或报告中的名称，如 眼睛太高；可写多个"),
    ("profile show", "profile", "内置名称，或 TOML 文件"),
    ("completions", "shell", "哪种 shell"),
    ("man", "output", "把所有命令的手册页写入此文件夹"),
];

/// What stands for the values of options and arguments.
const VALUE_NAMES: &[(&str, &str)] = &[
    ("ADDRESS", "地址"),
    ("DIR", "文件夹"),
    ("FILE", "文件"),
    ("FOLDER=LIST", "文件夹=名单"),
    ("FOLDER|PHOTO", "文件夹|照片"),
    ("FORMAT", "格式"),
    ("LANG", "语言"),
    ("N", "整数"),
    ("NAME|FILE.toml", "名称|文件.toml"),
    ("NUMBER|FOLDER=NUMBER|@FILE", "学号|文件夹=学号|@文件"),
    ("PATH", "照片或文件夹"),
    ("PATTERN", "命名规则"),
    ("PHOTO:+1|PHOTO:-1|PHOTO=NUMBER|@FILE", "照片:+1|照片:-1|照片=学号|@文件"),
    ("RULE", "规则"),
    ("SHELL", "shell"),
    ("TEXT", "文字"),
    ("YYYY-MM", "年-月"),
    ("auto|tract|LIBRARY", "auto|tract|库文件"),
    ("names|order|FILE.csv", "names|order|文件.csv"),
];

/// What clap writes by itself.
const OF_CLAP: &[(&str, &str)] = &[
    ("[OPTIONS]", "[选项]"),
    ("<COMMAND>", "<命令>"),
    ("[default: ", "[默认："),
    ("[possible values: ", "[可以写："),
    ("Possible values:", "可以写："),
    ("命令:", "命令："),
    ("参数:", "参数："),
    ("选项:", "选项："),
    ("全校:", "全校："),
    ("照片是谁的:", "照片是谁的："),
];

/// What stands below the options.
const EXAMPLES: &[(&str, &str)] = &[
    ("", "\
例：
  gradphoto                                   在浏览器中打开网页；后面写文件夹则载入其中的照片
  gradphoto check 照片                        检查文件夹及其下级的每一张
  gradphoto check 照片 --output 结果          另出网页和 Excel 表；加 --roster 名册.xlsx 看谁没拍
  gradphoto watch 联机 --output 现场 --capture --roster 名册.xlsx --assign scan
                                              拍摄现场：扫码、拍照、当场判定
  gradphoto prepare 相机 --output 上传 --roster 名册.xlsx --name \"zp{考生号}\" --zip class
                                              按要求裁剪、命名、打包
  gradphoto explain eye-line                  一条规则测量什么、依据是什么、怎样改"),
    ("check", "\
例：
  gradphoto check 1班 2班 张三.jpg
  gradphoto check 2026届 --output 结果 --roster 名册.xlsx --schedule 附件1.xlsx --notices 通知 --retake \"4月20日 图书馆201\"
  gradphoto check 2026届 --output 结果 --resume                              中断后继续
  gradphoto check 2026届 --output 结果 --overwrite --decisions decisions.csv   计入人工结论
  gradphoto check 相机 --capture --output 结果 --roster 名册.xlsx --assign order 相机原片按拍摄顺序对应学生

退出状态：
  0  全部合格
  1  有照片不合格、待确认或打不开；用 --output 时，照片之间有问题（重复、有人没拍）也是 1
  2  不能运行（如路径不存在），或中途停止"),
    ("watch", "\
例：
  gradphoto watch D:/联机
  gradphoto watch 联机 --output 现场 --capture --roster 名册.xlsx --assign scan

按 Ctrl-C 结束。"),
    ("prepare", "\
例：
  gradphoto prepare 原片 --output 上传
  gradphoto prepare 相机 --output 上传 --roster 名册.xlsx --name \"zp{考生号}\" --zip class
  gradphoto prepare 相机 --output 上传 --roster 名册.xlsx --assign order --name \"{学号}\"

副本只由原片裁剪、缩放到 480x640，使头顶、眼睛、脸宽、居中尽量落在范围正中，再以最高品质压缩到规定大小；
标准允许时为 30 KB 至不足 40000 字节，各平台都收。不旋转、不镜像、不改色。裁不出合格画面的说明原因，不生成。
原片从不改动。index.csv 记有每个文件是谁的、结论如何；再次运行时未变的副本不动，不再对应任何人的旧副本删除。

退出状态：0 全部生成，1 有的不能生成，2 不能运行"),
    ("serve", "\
例：
  gradphoto serve
  curl --data-binary @1.jpg \"http://127.0.0.1:8400/v1/check?name=1.jpg\"
  gradphoto serve --listen 0.0.0.0:8400 --token-file token
  curl -H \"Authorization: Bearer $(cat token)\" -F photo=@1.jpg http://server:8400/v1/check

照片只判定，不保存。接口说明见 /openapi.json，计数见 /metrics，/healthz 表示正在运行。
每个处理器核同时检查一张；等候的太多时返回 503 和 Retry-After，请稍后再试。
标准和文件名写在地址里（?profile=he-2017&name=1.jpg），一次一张；地址里写了别的会被拒绝，不会悄悄略去；
表单里只读照片。"),
];

/// The command with its help in Chinese.
pub fn in_chinese(command: Command) -> Command {
    worded(command, "")
}

/// A page or a line of clap's, with its own words in Chinese too.
pub fn of_clap(page: &str) -> String {
    OF_CLAP.iter().fold(page.to_owned(), |page, (english, chinese)| page.replace(english, chinese))
}

fn worded(mut command: Command, path: &str) -> Command {
    if let Some((_, about)) = COMMANDS.iter().find(|(known, _)| *known == path) {
        command = command.about(*about).long_about(None);
    }
    if let Some((_, examples)) = EXAMPLES.iter().find(|(known, _)| *known == path) {
        command = command.after_help(*examples);
    }
    command = command.mut_args(|arg| worded_arg(arg, path));
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help);
    command = command.disable_help_flag(true).arg(worded_arg(help, path));
    if path.is_empty() {
        let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
        command = command.disable_version_flag(true).arg(worded_arg(version, path));
    }
    let names = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect::<Vec<_>>();
    for name in names {
        let below = format!("{path} {name}").trim().to_owned();
        command = command.mut_subcommand(name, |sub| worded(sub, &below));
    }
    command
        .disable_help_subcommand(true)
        .subcommand_help_heading("命令")
        .help_template("{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}\n")
}

fn worded_arg(arg: Arg, path: &str) -> Arg {
    let heading = match arg.get_help_heading() {
        Some("For a whole school") => "全校",
        Some("Matching photos to students") => "照片是谁的",
        _ if arg.is_positional() => "参数",
        _ => "选项",
    };
    let name = arg.get_value_names().and_then(|names| names.first()).map(|name| name.as_str());
    let name = VALUE_NAMES.iter().find(|(english, _)| name == Some(*english)).map(|(_, chinese)| *chinese);
    let arg = match name {
        Some(name) => arg.value_name(name),
        None => arg,
    };
    let arg = match values(path, arg.get_id().as_str()) {
        Some(values) => arg.value_parser(values),
        None => arg,
    };
    // clap counts letters, not their widths, so that nothing would stand in line behind a Chinese name.
    let arg = arg.help_heading(heading).next_line_help(true);
    match help(path, arg.get_id().as_str()) {
        Some(help) => arg.help(help).long_help(None::<&str>),
        None => arg,
    }
}

/// The values that an option takes, with what each does; `None` where they speak for themselves.
fn values(path: &str, id: &str) -> Option<ValueParser> {
    Some(match (path, id) {
        ("check", "format") => explained::<ReportFormat>(&[
            "给人看",
            "供程序使用：每张照片一行 JSON",
            "供表格软件使用：每条要处理的问题一行，UTF-8 带 BOM",
            "供构建系统使用：SARIF 2.1.0",
        ]),
        ("rules", "format") => explained::<TableFormat>(&["对齐的列", "Markdown 表格", "JSON 数组"]),
        ("prepare", "zip") => explained::<Per>(&["每班一个", "每个院系一个", "全校一个"]),
        _ => return None,
    })
}

/// The values in the order in which they are declared.
fn explained<T: ValueEnum + Send + Sync + 'static>(words: &[&'static str]) -> ValueParser {
    let values = T::value_variants().iter().filter_map(ValueEnum::to_possible_value);
    let values = values.zip(words).map(|(value, words)| value.help(*words));
    PossibleValuesParser::new(values).try_map(|value| T::from_str(&value, false)).into()
}

/// What an option does: as the command words it, else as all do.
fn help(path: &str, id: &str) -> Option<&'static str> {
    let of = |path: &str| ARGS.iter().find(|(command, known, _)| *command == path && *known == id);
    of(path).or_else(|| of("")).map(|(.., help)| *help)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::args::Args;

    #[test]
    fn every_command_and_option_speaks_chinese() {
        fn silent_of(command: &Command, path: &str, silent: &mut Vec<String>) {
            let is_chinese = |text: &str| !text.is_ascii();
            if !command.get_about().is_some_and(|about| is_chinese(&about.to_string())) {
                silent.push(format!("command {path:?}"));
            }
            let args =
                command.get_arguments().filter(|arg| !arg.get_help().is_some_and(|help| is_chinese(&help.to_string())));
            let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            if after.contains("Examples:") {
                silent.push(format!("examples of {path:?}"));
            }
            silent.extend(args.map(|arg| format!("{path}: {}", arg.get_id())));
            for arg in command.get_arguments().filter(|arg| arg.get_action().takes_values()) {
                let names = arg.get_value_names().unwrap_or_default().iter();
                let english = names.filter(|name| name.bytes().any(|byte| byte.is_ascii_uppercase()));
                silent.extend(english.map(|name| format!("{path}: {name}")));
                let values = arg.get_possible_values();
                let values =
                    values.iter().filter(|value| value.get_help().is_some_and(|help| !is_chinese(&help.to_string())));
                silent.extend(values.map(|value| format!("{path}: {} {}", arg.get_id(), value.get_name())));
            }
            let page = of_clap(&command.clone().render_long_help().to_string());
            let left =
                ["OPTIONS", "COMMAND", "default", "ossible values"].into_iter().filter(|word| page.contains(word));
            silent.extend(left.map(|word| format!("{path}: {word}")));
            silent.extend(page.lines().filter(|line| line.ends_with(':')).map(|line| format!("{path}: {line}")));
            for sub in command.get_subcommands() {
                silent_of(sub, format!("{path} {}", sub.get_name()).trim(), silent);
            }
        }
        let mut all = Vec::new();
        let mut command = in_chinese(Args::command());
        command.build();
        silent_of(&command, "", &mut all);
        assert_eq!(all, [] as [String; 0]);
        let values = |command: Command, name: &str, id: &str| {
            let values =
                command.find_subcommand(name)?.get_arguments().find(|arg| arg.get_id() == id)?.get_possible_values();
            Some(values.iter().map(|value| value.get_name().to_owned()).collect::<Vec<_>>())
        };
        for (name, id) in [("check", "format"), ("rules", "format"), ("prepare", "zip")] {
            let chinese = values(in_chinese(Args::command()), name, id);
            assert_eq!(chinese, values(Args::command(), name, id), "{name} --{id}");
        }
        for (command, id, _) in ARGS.iter().filter(|(command, ..)| !command.is_empty()) {
            let found =
                command.split(' ').try_fold(Args::command(), |parent, name| parent.find_subcommand(name).cloned());
            let known = found.is_some_and(|found| found.get_arguments().any(|arg| arg.get_id() == *id));
            assert!(known, "{command} has no {id}");
        }
    }
}
