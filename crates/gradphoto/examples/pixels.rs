//! Decodes the files named on standard input, one a line; for each writes width, height and a length (32 bits each, the
//! lowest byte first), then so many bytes: upright sRGB pixels, or, where width and height are 0, why there are none.

use std::io::{self, BufRead, BufWriter, Write};

use gradphoto::Photo;

fn main() -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for path in io::stdin().lock().lines() {
        let (size, bytes) = match Photo::load(path?) {
            Ok(photo) => ([photo.width_px(), photo.height_px()], photo.pixels().as_raw().clone()),
            Err(error) => ([0; 2], error.to_string().into_bytes()),
        };
        for number in [size[0], size[1], bytes.len() as u32] {
            out.write_all(&number.to_le_bytes())?;
        }
        out.write_all(&bytes)?;
    }
    out.flush()
}
