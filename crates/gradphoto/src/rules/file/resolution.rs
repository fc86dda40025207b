use crate::rules::prelude::*;

rule! {
    /// Whether the file says 300 dpi.
    ///
    /// ## What is measured
    /// Density named by the file, in dots per inch, of the axis that is farther from 300; 0 when it names none. The format's own field (JFIF, PNG pHYs) counts before EXIF, EXIF before Photoshop's.
    ///
    /// ## Limit and source
    /// 300 dpi (clause 四.1). It changes no pixel, so this only advises, but some portals read it.
    ///
    /// ## What to do
    /// Export with 300 dpi set.
    RESOLUTION {
        id: "resolution",
        name: text("分辨率", "Resolution"),
        quantity: text("文件标注的分辨率", "Resolution stated in the file"),
        clause: "四.1",
        unit: Unit::DotsPerInch,
        requirement: Requirement::Between {
            limit: (299.0, 301.0),
            review: (299.0, 301.0),
            below: Fault {
                name: text("分辨率标注不符", "Wrong resolution"),
                reason: text("文件标注的分辨率为{value}{seen}，应{allowed}，请导出时设为 300 dpi。", "The file states {value}{seen}; {allowed} is required. Set 300 dpi when exporting."),
            },
            above: Fault {
                name: text("分辨率标注不符", "Wrong resolution"),
                reason: text("文件标注的分辨率为{value}{seen}，应{allowed}，请导出时设为 300 dpi。", "The file states {value}{seen}; {allowed} is required. Set 300 dpi when exporting."),
            },
        },
        severity: Severity::Advise,
    }
}

fn measure(evidence: &Evidence) -> Measured {
    let file = evidence.photo.file().ok_or(NotAssessed::NoFile)?;
    Ok(match file.density {
        None => Measurement::new(0.0).seeing(text("（未标注）", " (it states none)")),
        Some(density) if density.across_dpi != density.down_dpi => {
            Measurement::new(density.farthest_from(REQUIRED_DPI))
                .seeing(text("（横向与纵向不同）", " along one side and another figure along the other"))
        }
        Some(density) => Measurement::new(density.across_dpi).seeing(text("", "")),
    })
}

/// Clause 四.1.
const REQUIRED_DPI: f64 = 300.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{FileBuilder, verdict};

    #[test]
    fn only_300_dpi_passes() {
        let tagged = |dpi| verdict(&RESOLUTION, &FileBuilder::jpeg().dpi(dpi).evidence());
        assert_eq!([Some(300), Some(298), Some(302), None].map(tagged), ["pass", "fail", "fail", "fail"]);
    }
}
