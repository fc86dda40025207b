//! JSON Schemas of what programs read: made from the rules and what else is counted, tested on reports, measurements and a batch
//! of real photos. tests/office holds the files of the command against them, with another validator.

use std::fs;

use gradphoto::batch::{BATCH_RULES, Decided, Decision, Department, Entry, Field, Totals};
use gradphoto::folder::PassedOver;
use gradphoto::{Batch, Checker, ErrorKind, Measurements, Profile, RULES, Roster, SCHEMA, Severity};
use gradphoto_tests::repository;
use serde_json::{Value, json};

#[test]
fn reports_and_measurements_are_as_their_schemas_say() {
    let [report, measurements] = [report_schema(), measurements_schema()];
    as_committed("report", &report);
    as_committed("measurements", &measurements);
    let checker = Checker::new().expect("an engine");
    for photo in ["tests/samples/blue.jpg", "tests/samples/renamed-png.jpg"] {
        let evidence = checker.see(repository(photo)).expect("a photo");
        let measured = serde_json::to_value(Measurements::of(&evidence)).expect("JSON");
        assert_eq!(fault(&measured, &measurements, "measurements"), None, "{photo}");
        for name in Profile::names() {
            let judged = serde_json::to_value(Profile::built_in(name).expect(name).judge(&evidence)).expect("JSON");
            assert_eq!(fault(&judged, &report, "report"), None, "{photo} by {name}");
        }
        for key in ["findings", "verdict", "engine"] {
            let mut broken =
                serde_json::to_value(Profile::built_in("he-2017").expect("built in").judge(&evidence)).expect("JSON");
            broken[key] = json!({"not": "this"});
            assert!(fault(&broken, &report, "report").is_some(), "a wrong {key} is noticed");
        }
    }
}

#[test]
fn batches_are_as_their_schema_says() {
    as_committed("failure", &failure_schema());
    let schema = batch_schema();
    as_committed("batch", &schema);
    let checker = Checker::new().expect("an engine");
    let (roster, reading) = Roster::from_bytes(ROSTER.as_bytes()).expect("a roster");
    let mut batch = Batch::new(Some(roster)).read_as(Some(reading)).profile(checker.profile());
    let file = repository("tests/samples/blue.jpg");
    let report = checker.check(file).expect("a photo");
    for photo in ["2021001.jpg", "2021002.jpg", "2021003.jpg", "李四.jpg", "x.jpg", "110105194912310021.jpg"] {
        batch.add(Entry::from(&report.clone().renamed(photo)));
    }
    batch.add(Entry::unreadable("2021004.jpg"));
    let mut decided = Decided::new("2021001.jpg", report.sha256(), "");
    decided.decision = Some(Decision::Accept);
    batch.decide(vec![decided, Decided::new("nowhere.jpg", "", "")]);
    let whole = serde_json::from_str::<Value>(&batch.finish().to_json()).expect("JSON");
    assert_eq!(fault(&whole, &schema, "batch"), None);
    let kinds = whole["findings"].as_array().expect("findings").iter().map(|finding| finding["kind"].to_string());
    assert!(kinds.collect::<std::collections::BTreeSet<_>>().len() >= 4, "{whole:#}");
    for key in ["roster", "photos", "findings", "departments", "decisions"] {
        let mut broken = whole.clone();
        broken[key] = json!({"not": "this"});
        assert!(fault(&broken, &schema, "batch").is_some(), "a wrong {key} is noticed");
    }
}

const ROSTER: &str = "院系,班级,学号,姓名,证件号码,已采集,备注\n计算机学院,1班,2021001,张三,110105194912310021,,\n\
                      计算机学院,1班,2021002,李四,,,\n外语学院,2班,2021003,李四,,,\n外语学院,2班,2021004,王五,,,\n\
                      外语学院,2班,2021005,赵六,,是,\n外语学院,2班,2021006,孙七,,,\n合计,6人\n";

fn as_committed(name: &str, schema: &Value) {
    let path = format!("docs/schema/{name}.json");
    let wanted = serde_json::to_string_pretty(schema).expect("JSON") + "\n";
    if std::env::var_os("UPDATE").is_some() {
        fs::create_dir_all(repository("docs/schema")).expect("a folder");
        fs::write(repository(&path), &wanted).expect("a document");
    }
    let written = fs::read_to_string(repository(&path)).unwrap_or_default();
    assert!(written == wanted, "{path} is out of date; UPDATE=1 cargo test writes it");
}

fn text() -> Value {
    object(&[("zh", json!({"type": "string"})), ("en", json!({"type": "string"}))], &[])
}

fn engine() -> Value {
    let text = || json!({"type": "string"});
    object(
        &[
            ("gradphoto", text()),
            ("runtime", text()),
            ("models_sha256", digest(64)),
            ("nets", json!({"enum": ["research", "open"]})),
        ],
        &[],
    )
}

fn digest(digits: usize) -> Value {
    json!({"type": "string", "pattern": format!("^[0-9a-f]{{{digits}}}$")})
}

fn region() -> Value {
    json!({"type": ["array", "null"], "description": "x, y, width, height in pixels", "items": {"type": "integer"}})
}

fn rule_ids() -> Value {
    json!({"enum": RULES.iter().map(|rule| rule.id).collect::<Vec<_>>()})
}

fn head(title: &str, mut schema: Value) -> Value {
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema".into();
    schema["title"] = title.into();
    schema
}

fn report_schema() -> Value {
    let bound = || json!({"type": ["number", "null"]});
    let limit = || object(&[("min", bound()), ("max", bound())], &[]);
    let mut units = RULES.iter().map(|rule| serde_json::to_value(rule.unit).expect("a word")).collect::<Vec<_>>();
    units.sort_by_key(Value::to_string);
    units.dedup();
    let mut seen = text();
    seen["type"] = json!(["object", "null"]);
    let finding = object(
        &[
            ("rule", rule_ids()),
            ("name", text()),
            ("verdict", json!({"enum": ["pass", "review", "fail", "not-assessed"]})),
            ("value", bound()),
            ("unit", json!({"enum": units})),
            ("limit", limit()),
            ("review", limit()),
            ("severity", json!({"enum": Severity::ALL})),
            ("clause", json!({"type": "string"})),
            ("seen", seen),
            ("reason", text()),
            ("region", region()),
        ],
        &[],
    );
    let report = object(
        &[
            ("schema", json!({"const": SCHEMA})),
            ("photo", json!({"type": "string"})),
            ("verdict", json!({"enum": ["pass", "review", "fail"]})),
            ("findings", json!({"type": "array", "items": finding})),
            ("sha256", digest(64)),
            ("fingerprint", json!({"type": "string", "pattern": "^v2:[0-9a-f]{64}$"})),
            (
                "skin",
                json!({"type": ["array", "null"], "description": "a* and b* of the cheeks", "items": {"type": "number"}}),
            ),
            ("profile", object(&[("name", json!({"type": "string"})), ("sha256", digest(64))], &[])),
            ("engine", engine()),
        ],
        &[],
    );
    head("What gradphoto says of one photo", report)
}

fn measurements_schema() -> Value {
    let reading = object(
        &[
            ("rule", rule_ids()),
            ("value", json!({"type": "number"})),
            ("region", region()),
            ("seen", text()),
            ("parts", json!({"type": "array", "items": {"type": "number"}})),
            ("not-assessed", text()),
        ],
        &["value", "region", "seen", "parts", "not-assessed"],
    );
    let measurements = object(
        &[
            ("schema", json!({"const": SCHEMA})),
            ("photo", json!({"type": "string"})),
            ("sha256", digest(64)),
            ("fingerprint", json!({"type": "string", "pattern": "^v2:[0-9a-f]{64}$"})),
            ("engine", engine()),
            ("readings", json!({"type": "array", "items": reading})),
        ],
        &[],
    );
    head("What gradphoto measured on one photo, to be judged by any profile", measurements)
}

/// A line of a photo that could not be checked.
fn failure_schema() -> Value {
    let error = object(
        &[
            ("kind", json!({"enum": ErrorKind::ALL.iter().map(|kind| kind.as_str()).collect::<Vec<_>>()})),
            ("message", json!({"type": "string", "description": "in English, with the photo's name"})),
            ("reason", text()),
        ],
        &[],
    );
    let failure = object(
        &[
            ("schema", json!({"const": SCHEMA})),
            ("photo", json!({"type": "string"})),
            ("verdict", json!({"const": "unreadable"})),
            ("error", error),
        ],
        &[],
    );
    head("What gradphoto says of a photo that it cannot check", failure)
}

fn batch_schema() -> Value {
    let string = || json!({"type": "string"});
    let array = |items: Value| json!({"type": "array", "items": items});
    let counts = |of: Value| {
        let names = of.as_object().expect("counts").keys().map(|name| (name.as_str(), json!({"type": "integer"})));
        object(&names.collect::<Vec<_>>(), &[])
    };
    let fields = Field::ALL.iter().map(|field| json!(field));
    let fields = fields.chain([Value::Null]).collect::<Vec<_>>();
    let column = object(&[("letters", string()), ("head", string()), ("field", json!({"enum": fields}))], &[]);
    let sheet = object(
        &[
            ("name", string()),
            ("students", json!({"type": "integer"})),
            (
                "head_row",
                json!({"type": ["integer", "null"], "description": "from 1; null where the sheet was left out"}),
            ),
            ("columns", array(column)),
            ("notes", array(text())),
        ],
        &[],
    );
    let roster =
        object(&[("students", json!({"type": "integer"})), ("sheets", array(sheet)), ("notes", array(text()))], &[]);
    let named = ["name", "student_number", "department", "major", "class", "session", "time", "place"];
    let mut student = named.map(|name| (name, string())).to_vec();
    student.push(("row", json!({"type": "integer", "description": "on the roster, from 1"})));
    let kinds = BATCH_RULES.iter().flat_map(|rule| rule.kinds).copied().collect::<Vec<_>>();
    let finding = object(
        &[
            ("rule", json!({"enum": BATCH_RULES.iter().map(|rule| rule.id).collect::<Vec<_>>()})),
            ("kind", json!({"enum": kinds})),
            ("settled", json!({"type": "boolean", "description": "by a person"})),
            ("photos", array(string())),
            ("students", array(object(&student, &[]))),
            ("reason", text()),
        ],
        &[],
    );
    let decision = json!({"enum": Decision::ALL.iter().map(|d| json!(d)).chain([Value::Null]).collect::<Vec<_>>()});
    let used = object(&[("photo", string()), ("student", string()), ("decision", decision), ("note", string())], &[]);
    let unused = object(&[("photo", string()), ("kind", string()), ("reason", text())], &[]);
    let passed_over = object(
        &[
            ("path", string()),
            ("why", json!({"enum": PassedOver::ALL.iter().map(|why| why.as_str()).collect::<Vec<_>>()})),
        ],
        &[],
    );
    let made_by =
        object(&[("gradphoto", string()), ("nets", json!({"enum": ["research", "open"]})), ("profile", string())], &[]);
    let department = counts(serde_json::to_value(Department::default()).expect("counts"));
    let batch = object(
        &[
            ("schema", json!({"const": SCHEMA})),
            ("roster", roster),
            ("photos", counts(serde_json::to_value(Totals::default()).expect("counts"))),
            ("findings", array(finding)),
            ("departments", json!({"type": "object", "additionalProperties": department})),
            ("decisions", object(&[("used", array(used)), ("unused", array(unused))], &[])),
            ("passed_over", array(passed_over)),
            ("made_by", made_by),
        ],
        &["roster", "passed_over", "made_by"],
    );
    head("What gradphoto says of a batch: batch.json", batch)
}

/// An object with these properties and no others; all but the optional ones are there.
fn object(properties: &[(&str, Value)], optional: &[&str]) -> Value {
    let required = properties.iter().map(|(name, _)| *name).filter(|name| !optional.contains(name)).collect::<Vec<_>>();
    let properties =
        properties.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect::<serde_json::Map<_, _>>();
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

/// The first place where a value is not as its schema says, for the keywords that the schemas above use.
fn fault(value: &Value, schema: &Value, place: &str) -> Option<String> {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_i64() || number.is_u64() => "integer",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let is_of = |wanted: &Value| wanted == kind || (wanted == "number" && kind == "integer");
    let allowed = match &schema["type"] {
        Value::Null => true,
        Value::Array(kinds) => kinds.iter().any(is_of),
        wanted => is_of(wanted),
    };
    let is_listed = schema["enum"].as_array().is_none_or(|listed| listed.contains(value));
    let is_const = schema.get("const").is_none_or(|wanted| wanted == value);
    let is_digest = schema["pattern"].as_str().is_none_or(|pattern| {
        let (prefix, digits) = pattern.trim_start_matches('^').split_once("[0-9a-f]{").unwrap_or((pattern, ""));
        let digits = digits.trim_end_matches("}$").parse().unwrap_or(0);
        let text = value.as_str().and_then(|text| text.strip_prefix(prefix));
        text.is_some_and(|text| text.len() == digits && text.bytes().all(|b| b.is_ascii_hexdigit()))
    });
    if !(allowed && is_listed && is_const && is_digest) {
        return Some(format!("{place}: {value}"));
    }
    if let Value::Array(items) = value {
        return items.iter().enumerate().find_map(|(i, item)| fault(item, &schema["items"], &format!("{place}[{i}]")));
    }
    let Value::Object(fields) = value else { return None };
    let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    if let Some(missing) = required.into_iter().find(|name| !fields.contains_key(*name)) {
        return Some(format!("{place}.{missing} is missing"));
    }
    fields.iter().find_map(|(name, field)| match schema["properties"].get(name) {
        Some(schema) => fault(field, schema, &format!("{place}.{name}")),
        None if schema["additionalProperties"].is_object() => {
            fault(field, &schema["additionalProperties"], &format!("{place}.{name}"))
        }
        None => Some(format!("{place}.{name} is not in the schema")),
    })
}
