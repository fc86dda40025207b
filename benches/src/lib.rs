//! Nothing but benchmarks, in `benches/`; the peers of other projects are measured in `peers/`.
