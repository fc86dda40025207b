//! XMP, the notes that are written as XML.

/// What a JPEG's segment with XMP begins with.
pub(super) const HEAD: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";

/// Programs that XMP names: the creator's tool and who changed it since, written as attributes or as elements.
pub(super) fn programs(xmp: &[u8]) -> Vec<String> {
    let xmp = String::from_utf8_lossy(xmp);
    let mut programs = vec![];
    for name in ["CreatorTool", "softwareAgent", "tiff:Software"] {
        for (at, _) in xmp.match_indices(name) {
            let after = xmp[at + name.len()..].trim_start();
            let value = match after.strip_prefix('=').map(str::trim_start) {
                Some(quoted) => quoted.chars().next().and_then(|quote| quoted[quote.len_utf8()..].split_once(quote)),
                None => after.strip_prefix('>').and_then(|element| element.split_once('<')),
            };
            programs.extend(value.map(|(tool, _)| tool.trim().to_owned()).filter(|tool| !tool.is_empty()));
        }
    }
    if xmp.contains("http://ns.adobe.com/camera-raw-settings/") {
        programs.push("Adobe Camera Raw".to_owned());
    }
    programs
}
