//! Time per photo, and where it goes: `cargo bench -p gradphoto-benches`.
//!
//! Uses the engine that the command would use; name a library in `GRADPHOTO_ONNXRUNTIME` for native ONNX Runtime.
//! Compare figures of one run only: machines differ, and so do busy hours. `benches/peers/speed.py` measures the command beside
//! MediaPipe.

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use gradphoto::{Checker, Measurements, Photo};
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;

/// A 480x640 photo of the repository.
const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/samples/blue.jpg");

fn checker() -> Checker {
    // SAFETY: no other thread runs yet.
    unsafe { gradphoto::forbid_reports() };
    Checker::new().expect("an engine starts")
}

fn stages(criterion: &mut Criterion) {
    let checker = checker();
    let evidence = checker.see(SAMPLE).expect("can be seen");
    let measurements = Measurements::of(&evidence);
    let report = checker.profile().judge(&measurements);
    let mut group = criterion.benchmark_group("480x640 photo");
    group.throughput(Throughput::Elements(1));
    group.bench_function("decode", |b| b.iter(|| Photo::load(SAMPLE).expect("a whole file")));
    group.bench_function("decode and see", |b| b.iter(|| checker.see(SAMPLE).expect("can be seen")));
    group.bench_function("measure what was seen", |b| b.iter(|| Measurements::of(&evidence)));
    group.bench_function("judge what was measured", |b| b.iter(|| checker.profile().judge(&measurements)));
    group.bench_function("write the report as JSON", |b| b.iter(|| report.to_json()));
    group.bench_function("all of it", |b| b.iter(|| checker.check(SAMPLE).expect("can be checked").to_json()));
    group.finish();
}

fn sizes(criterion: &mut Criterion) {
    let checker = checker();
    let sample = image::open(SAMPLE).expect("a picture");
    let mut group = criterion.benchmark_group("photo of a camera");
    group.sample_size(10);
    for (width, height) in [(960, 1280), (3000, 4000), (4000, 6000)] {
        let mut file = vec![];
        let encoder = JpegEncoder::new_with_quality(&mut file, 92);
        sample.resize_exact(width, height, FilterType::CatmullRom).write_with_encoder(encoder).expect("encodes");
        group.bench_function(BenchmarkId::from_parameter(format!("{width}x{height}")), |b| {
            b.iter(|| checker.check(("a.jpg", file.as_slice())).expect("can be checked"));
        });
    }
    group.finish();
}

fn cold_start(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("start");
    group.sample_size(10);
    group.bench_function("load models and check one photo", |b| {
        b.iter(|| Checker::new().expect("an engine starts").check(SAMPLE).expect("can be checked"));
    });
    group.finish();
}

criterion_group!(benches, stages, sizes, cold_start);
criterion_main!(benches);
