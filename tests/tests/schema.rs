//! JSON Schemas of what programs read: made from the rules, tested on reports and measurements of real photos.

use std::fs;

use gradphoto::{Checker, Measurements, Profile, RULES, SCHEMA, Severity};
use gradphoto_tests::repository;
use serde_json::{Value, json};

#[test]
fn reports_and_measurements_are_as_their_schemas_say() {
    let [report, measurements] = [report_schema(), measurements_schema()];
    for (path, schema) in [("docs/schema/report.json", &report), ("docs/schema/measurements.json", &measurements)] {
        let wanted = serde_json::to_string_pretty(schema).expect("JSON") + "\n";
        if std::env::var_os("UPDATE").is_some() {
            fs::create_dir_all(repository("docs/schema")).expect("a folder");
            fs::write(repository(path), &wanted).expect("a document");
        }
        let written = fs::read_to_string(repository(path)).unwrap_or_default();
        assert!(written == wanted, "{path} is out of date; UPDATE=1 cargo test writes it");
    }
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

fn text() -> Value {
    object(&[("zh", json!({"type": "string"})), ("en", json!({"type": "string"}))], &[])
}

fn engine() -> Value {
    let text = || json!({"type": "string"});
    object(&[("gradphoto", text()), ("runtime", text()), ("models_sha256", digest(64))], &[])
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
            ("severity", json!({"enum": Severity::ALL.map(Severity::as_str)})),
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
        None => Some(format!("{place}.{name} is not in the schema")),
    })
}
