//! The whole of a batch as JSON.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::super::decision::{Decided, Unused};
use super::super::field::Field;
use super::super::roster::Student;
use super::super::students::Reading;
use super::super::totals::{Department, Totals};
use super::{BatchFinding, BatchPhoto, BatchReport};
use crate::report::SCHEMA;
use crate::text::Reason;

impl BatchReport {
    /// The whole as JSON: batch.json.
    pub fn to_json(&self) -> String {
        let decisions =
            Decisions { used: self.photos.iter().filter_map(BatchPhoto::decided).collect(), unused: &self.unused };
        let whole = Whole {
            schema: SCHEMA,
            roster: self.reading.as_ref(),
            photos: self.totals(),
            findings: self.listed(),
            departments: self.departments(),
            decisions,
        };
        // Strings, numbers and maps by strings always have a JSON form.
        serde_json::to_string_pretty(&whole).unwrap_or_default() + "\n"
    }

    fn listed(&self) -> Vec<Listed<'_>> {
        let listed = |finding: &'_ BatchFinding| Listed {
            rule: finding.rule.id,
            kind: finding.kind,
            settled: finding.is_settled,
            photos: finding.photos.iter().map(|photo| self.photos[*photo].name.as_str()).collect(),
            students: finding.students.iter().filter_map(|place| self.students().get(*place).map(Named)).collect(),
            reason: finding.reason.clone(),
        };
        self.findings.iter().map(listed).collect()
    }
}

#[derive(Serialize)]
struct Whole<'a> {
    schema: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    roster: Option<&'a Reading>,
    photos: Totals,
    findings: Vec<Listed<'a>>,
    departments: BTreeMap<String, Department>,
    decisions: Decisions<'a>,
}

#[derive(Serialize)]
struct Decisions<'a> {
    used: Vec<&'a Decided>,
    unused: &'a [Unused],
}

#[derive(Serialize)]
struct Listed<'a> {
    rule: &'static str,
    kind: &'static str,
    settled: bool,
    photos: Vec<&'a str>,
    students: Vec<Named<'a>>,
    reason: Reason,
}

/// A student with what tells him from others; the number of his identity document stays on the roster.
struct Named<'a>(&'a Student);

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Fields<'a> {
            row: usize,
            name: &'a str,
            student_number: &'a str,
            department: &'a str,
            major: &'a str,
            class: &'a str,
            session: &'a str,
            time: &'a str,
            place: &'a str,
        }
        let fields = Fields {
            row: self.0.row,
            name: self.0.get(Field::Name),
            student_number: self.0.get(Field::StudentNumber),
            department: self.0.get(Field::Department),
            major: self.0.get(Field::Major),
            class: self.0.get(Field::Class),
            session: self.0.get(Field::Session),
            time: self.0.get(Field::Time),
            place: self.0.get(Field::Place),
        };
        fields.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{finished, photos, roster};
    use super::*;

    #[test]
    fn the_whole_is_one_json_without_numbers_of_identity_documents() {
        let report = finished(Some(roster()), &photos());
        let json = serde_json::from_str::<serde_json::Value>(&report.to_json()).expect("JSON");
        assert_eq!((&json["schema"], &json["photos"]["total"]), (&SCHEMA.into(), &7.into()));
        let missing = &json["findings"][1];
        assert_eq!(
            (&missing["rule"], &missing["kind"], &missing["settled"]),
            (&"roster-match".into(), &"missing".into(), &false.into())
        );
        assert_eq!((&missing["students"][0]["name"], &missing["students"][0]["row"]), (&"张三".into(), &5.into()));
        assert_eq!(
            json["findings"][0]["photos"],
            serde_json::json!(["photos/计算机/软件1班/20210001.jpg", "photos/旁听生.jpg"])
        );
        assert_eq!(json["departments"]["外语"]["missing"], 1);
        assert!(report.to_json().ends_with("}\n"));
        let students = json["findings"].as_array().into_iter().flatten().map(|finding| finding["students"].to_string());
        assert!(students.into_iter().all(|students| !students.contains("110105194912310021")));
    }
}
