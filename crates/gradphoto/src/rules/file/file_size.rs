use crate::rules::prelude::*;

rule! {
    /// Whether the file is as large as the portal expects.
    ///
    /// ## What is measured
    /// Size of the file in kilobytes of 1024 bytes.
    ///
    /// ## Limit and source
    /// Usually 20 to 40 KB (一般在20KB至40KB, clause 四.1). The word is usually, and portals differ, so this advises; a profile may make it reject.
    ///
    /// ## What to do
    /// Export a copy with another JPEG quality, not below 60.
    FILE_SIZE {
        id: "file-size",
        name: text("文件大小", "File size"),
        quantity: text("文件大小", "File size"),
        clause: "四.1",
        unit: Unit::Kilobytes,
        requirement: Requirement::Between {
            limit: (20.0, 40.0),
            review: (20.0, 40.0),
            below: Fault {
                name: text("文件太小", "File too small"),
                reason: text("文件只有{value}，应{allowed}，请用较高品质重新导出。", "The file is only {value}; {allowed} is asked for. Export it again at a higher quality."),
            },
            above: Fault {
                name: text("文件太大", "File too large"),
                reason: text("文件为{value}，应{allowed}，可由学校导出时压缩（品质不低于 60）。", "The file is {value}; {allowed} is asked for. Export a smaller copy at a quality of 60 or more."),
            },
        },
        severity: Severity::Advise,
    }
}

/// Bytes in a kilobyte, as file managers count.
const KILOBYTE: f64 = 1024.0;

fn measure(evidence: &Evidence) -> Measured {
    let file = evidence.photo.file().ok_or(NotAssessed::NoFile)?;
    Ok(Measurement::new(file.size_bytes as f64 / KILOBYTE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{FileBuilder, verdict};

    #[test]
    fn twenty_to_forty_kilobytes_pass() {
        let sized = |bytes| verdict(&FILE_SIZE, &FileBuilder::jpeg().bytes(bytes).evidence());
        let verdicts = [20_479, 20_480, 40_960, 40_961].map(sized);
        assert_eq!(verdicts, ["fail", "pass", "pass", "fail"]);
    }
}
