//! Time per photo, and where it goes: `cargo bench -p gradphoto-benches`.
//!
//! Uses the engine that the command would use; name a library in `GRADPHOTO_ONNXRUNTIME` for native ONNX Runtime.
//! Compare figures of one run only: machines differ, and so do busy hours.

use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use gradphoto::{Checker, Photo};

/// A 480x640 photo of the repository.
const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/samples/blue.jpg");

fn stages(criterion: &mut Criterion) {
    // SAFETY: no other thread runs yet.
    unsafe { gradphoto::forbid_reports() };
    let checker = Checker::new().expect("an engine starts");
    let mut group = criterion.benchmark_group("480x640 photo");
    group.throughput(Throughput::Elements(1));
    group.bench_function("decode", |b| b.iter(|| Photo::load(Path::new(SAMPLE).into()).expect("a whole file")));
    group.bench_function("decode and see", |b| b.iter(|| checker.see(SAMPLE).expect("can be seen")));
    group.bench_function("decode, see and judge", |b| b.iter(|| checker.check(SAMPLE).expect("can be checked")));
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

criterion_group!(benches, stages, cold_start);
criterion_main!(benches);
