//! Chinese names that a program has read in the wrong encoding: archives tell nobody in which one their names are.

use encoding_rs::{GB18030, GBK, WINDOWS_1252};

use super::names::{is_cjk, referenced};

/// A name in which a program has written characters as escapes: %E5%BC%A0 and %D5%C5, &#24352;, #U5f20; `None` where it has
/// none.
pub(super) fn unescaped(name: &str) -> Option<String> {
    if !name.contains(['%', '&', '#', '\\']) {
        return None;
    }
    let (mut bytes, mut rest) = (Vec::new(), name);
    while let Some(c) = rest.chars().next() {
        let (written, length) = escape(rest).unwrap_or_else(|| (rest[..c.len_utf8()].into(), c.len_utf8()));
        bytes.extend(written);
        rest = &rest[length..];
    }
    let text = || GB18030.decode_without_bom_handling_and_without_replacement(&bytes).map(Into::into);
    (bytes != name.as_bytes()).then(|| String::from_utf8(bytes.clone()).ok().or_else(text)).flatten()
}

/// The bytes of the escape that a text begins with, and its length.
fn escape(text: &str) -> Option<(Vec<u8>, usize)> {
    let bytes_of = |c: char| is_cjk(c).then(|| c.to_string().into_bytes());
    let hex = |digits: &str| u32::from_str_radix(digits, 16).ok();
    if let Some(code) = ["#U", "%u", "\\u"].iter().find_map(|mark| text.strip_prefix(mark)) {
        return Some((bytes_of(char::from_u32(hex(code.get(..4)?)?)?)?, 6));
    }
    if let Some(digits) = text.strip_prefix('%') {
        let byte = u8::try_from(hex(digits.get(..2)?)?).ok().filter(|byte| !byte.is_ascii())?;
        return Some((vec![byte], 3));
    }
    let (reference, _) = text.strip_prefix('&')?.split_once(';')?;
    Some((bytes_of(referenced(reference)?)?, reference.len() + 2))
}

/// What a name may have been before it was garbled, the likeliest first; nothing where it reads as it stands.
pub(super) fn readings(name: &str) -> impl Iterator<Item = String> + use<> {
    let as_gbk = |bytes: Vec<u8>| GB18030.decode_without_bom_handling_and_without_replacement(&bytes).map(Into::into);
    let as_utf_8 = |bytes: Vec<u8>| String::from_utf8(bytes).ok();
    let (of_gbk, of_dos, of_windows) = (of_gbk(name), of_dos(name), of_windows(name));
    [
        // 寮犱笁: packed by a Mac, unpacked by Windows.
        of_gbk.and_then(as_utf_8),
        // ╒┼╚²: packed by Windows, unpacked elsewhere.
        of_dos.clone().and_then(as_utf_8),
        of_dos.and_then(as_gbk),
        // ÕÅÈý and å¼ ä¸‰: the same, by programs of the West.
        of_windows.clone().and_then(as_utf_8),
        of_windows.and_then(as_gbk),
    ]
    .into_iter()
    .flatten()
}

/// Whether a name is one of Chinese characters that was read in a wrong encoding.
pub(super) fn is_garbled(name: &str) -> bool {
    readings(name).any(|reading| reading.chars().all(is_cjk))
}

/// Bytes of a name whose every character beyond ASCII has one in this table; `None` where there is none of them, or another.
fn bytes(name: &str, byte: impl Fn(char) -> Option<u8>) -> Option<Vec<u8>> {
    let bytes = name.chars().map(|c| if c.is_ascii() { Some(c as u8) } else { byte(c) }).collect::<Option<Vec<_>>>()?;
    (!bytes.is_ascii()).then_some(bytes)
}

fn of_gbk(name: &str) -> Option<Vec<u8>> {
    let (bytes, _, is_lossy) = GBK.encode(name);
    (!is_lossy && !bytes.is_ascii()).then(|| bytes.into_owned())
}

fn of_dos(name: &str) -> Option<Vec<u8>> {
    bytes(name, |c| CODE_PAGE_437.chars().position(|known| known == c).map(|place| 0x80 + place as u8))
}

fn of_windows(name: &str) -> Option<Vec<u8>> {
    bytes(name, |c| {
        let mut buffer = [0; 4];
        // What Windows leaves open are controls, as in Latin 1.
        let (encoded, _, is_lossy) = WINDOWS_1252.encode(c.encode_utf8(&mut buffer));
        if is_lossy { u8::try_from(u32::from(c)).ok() } else { encoded.first().copied() }
    })
}

/// Characters 128 to 255 of code page 437, which ZIP archives are in where they do not say otherwise.
const CODE_PAGE_437: &str = "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{a0}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_garbled_name_is_read_back() {
        let name = "欧阳娜娜2";
        let gbk = GB18030.encode(name).0.into_owned();
        let dos = gbk.iter().map(|byte| match byte {
            0..0x80 => char::from(*byte),
            _ => CODE_PAGE_437.chars().nth(usize::from(byte - 0x80)).expect("a whole table"),
        });
        let latin = |bytes: &[u8]| WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned();
        for garbled in
            [dos.collect(), latin(&gbk), latin(name.as_bytes()), GBK.decode("张三".as_bytes()).0.into_owned()]
        {
            let wanted = if garbled.starts_with('寮') { "张三" } else { name };
            assert!(
                readings(&garbled).any(|reading| reading == wanted),
                "{garbled}: {:?}",
                readings(&garbled).collect::<Vec<_>>()
            );
        }
        assert_eq!(CODE_PAGE_437.chars().count(), 128);
        for plain in ["张三", "Smith", "20210001"] {
            assert_eq!(readings(plain).count(), 0, "{plain}");
        }
        assert!(is_garbled("鏉庡洓") && is_garbled("ÕÅÈý") && !is_garbled("José") && !is_garbled("欧阳娜娜"));
    }
}
