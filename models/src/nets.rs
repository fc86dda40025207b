//! Written from `manifest.toml` by `UPDATE=1 cargo test -p gradphoto-models`.

use crate::Net;

/// See `cards/face_detection_short_range.md`.
pub static FACE_DETECTION_SHORT_RANGE: Net = Net {
    name: "face_detection_short_range",
    bytes: include_bytes!("../onnx/face_detection_short_range.onnx"),
    sha256: "df9bce39904aea512f58dbb57d5a2af840f761832dd33cfb658b8c7a802fa453",
    source: "mediapipe 0.10.14: modules/face_detection/face_detection_short_range.tflite",
    licence: "Apache-2.0",
    input: "input: 1x128x128x3 f32, RGB, the photo fitted in with black bars",
    normalisation: "value / 127.5 - 1",
    outputs: &[
        "regressors: 1x896x16 f32, input pixels from the anchor",
        "classificators: 1x896x1 f32, logit",
    ],
};

/// See `cards/face_detection_full_range_sparse.md`.
pub static FACE_DETECTION_FULL_RANGE_SPARSE: Net = Net {
    name: "face_detection_full_range_sparse",
    bytes: include_bytes!("../onnx/face_detection_full_range_sparse.onnx"),
    sha256: "a7bdf2c2c6c21e1a50e09f2ea102f5a9987801906bdfd2a61569f10814df5297",
    source: "mediapipe 0.10.14: modules/face_detection/face_detection_full_range_sparse.tflite",
    licence: "Apache-2.0",
    input: "input_1: 1x192x192x3 f32, RGB, the photo fitted in with black bars",
    normalisation: "value / 127.5 - 1",
    outputs: &[
        "Identity: 1x2304x16 f32, input pixels from the anchor",
        "Identity_1: 1x2304x1 f32, logit",
    ],
};

/// See `cards/face_mesh.md`.
pub static FACE_MESH: Net = Net {
    name: "face_mesh",
    bytes: include_bytes!("../onnx/face_mesh.onnx"),
    sha256: "3e5fb5f565b2eddad4fc06471ec9049b358f89e34e7b868f492ff542e80c6b69",
    source: "mediapipe 0.10.14: modules/face_landmark/face_landmark_with_attention.tflite",
    licence: "Apache-2.0",
    input: "input_1: 1x192x192x3 f32, RGB, the face upright, the crop 1.5 times as wide as the detected box",
    normalisation: "value / 255",
    outputs: &[
        "output_mesh_identity: 1x1x1x1404 f32, 468 times x, y, z in input pixels",
        "conv_faceflag: 1x1x1x1 f32, logit that there is a face",
        "features: 1x32x48x48 f32, for face_mesh_refinement",
    ],
};

/// See `cards/face_mesh_refinement.md`.
pub static FACE_MESH_REFINEMENT: Net = Net {
    name: "face_mesh_refinement",
    bytes: include_bytes!("../onnx/face_mesh_refinement.onnx"),
    sha256: "68d79470a8591e6c24043489dbce3001eb58d21284940e4d279a0ab32782bb43",
    source: "mediapipe 0.10.14: modules/face_landmark/face_landmark_with_attention.tflite",
    licence: "Apache-2.0",
    input: "crops: 3x32x16x16 f32, the features of face_mesh around lips, the subject's right eye and left eye, turned along them",
    normalisation: "none",
    outputs: &[
        "lips: 1x160x1x1 f32, 80 times x, y in crop pixels",
        "left_eye: 1x142x1x1 f32, 71 times x, y (of the subject's right eye)",
        "left_iris: 1x10x1x1 f32, 5 times x, y (of the subject's right eye)",
        "right_eye: 1x142x1x1 f32, 71 times x, y (of the subject's left eye)",
        "right_iris: 1x10x1x1 f32, 5 times x, y (of the subject's left eye)",
    ],
};

/// See `cards/face_parsing.md`.
#[cfg(feature = "nets-research")]
pub static FACE_PARSING: Net = Net {
    name: "face_parsing",
    bytes: include_bytes!("../onnx/face_parsing.onnx"),
    sha256: "666b5a0b73a2a8a380a5bd23ea7bd2a4a0a30376cabf031099ad97957ced5662",
    source: "trained for this project, see cards/face_parsing.md",
    licence: "LicenseRef-NonCommercial-Research",
    input: "rgb: 1x3x384x288 f32, RGB planes, a crop whose scale the width of the face fixes",
    normalisation: "value / 255",
    outputs: &[
        "logits: 1x14x96x72 f32, one plane per class at a quarter of the input's size",
        "attribute_logits: 1x15 f32: glasses, covered face, covered head, no collar, hood, bare shoulders, necklace, right and left ear out of sight, make-up, stray hair, patterned clothes, reflections in glasses, earring at right and left ear",
    ],
};

/// See `cards/eye_state.md`.
pub static EYE_STATE: Net = Net {
    name: "eye_state",
    bytes: include_bytes!("../onnx/eye_state.onnx"),
    sha256: "cb9af2c8cc86161c4595a5a0b2525ec3b3247741860ae9ad09f6a9fa7e03ec38",
    source: "trained for this project, see cards/eye_state.md",
    licence: "Apache-2.0",
    input: "eye: 2x3x32x48 f32, RGB planes, aligned crops of the subject's right eye and of the left one mirrored",
    normalisation: "value / 255",
    outputs: &[
        "open_logit: 2x1 f32, logit that the eye is open",
    ],
};

/// See `cards/ear_state.md`.
#[cfg(feature = "nets-research")]
pub static EAR_STATE: Net = Net {
    name: "ear_state",
    bytes: include_bytes!("../onnx/ear_state.onnx"),
    sha256: "86d3e5257c238ef8381a1a6ac03de4785b1e9bfce45cb963d277ce43679569b0",
    source: "trained for this project, see cards/ear_state.md",
    licence: "LicenseRef-NonCommercial-Research",
    input: "ear: 2x3x192x112 f32, RGB planes, aligned crops of the subject's right side of the head and of the left one mirrored",
    normalisation: "value / 255",
    outputs: &[
        "logits: 2x2 f32, per side the logits that an ear is visible and that there is an earring",
    ],
};

/// See `cards/face_parsing_open.md`.
#[cfg(not(feature = "nets-research"))]
pub static FACE_PARSING: Net = Net {
    name: "face_parsing_open",
    bytes: include_bytes!("../onnx/face_parsing_open.onnx"),
    sha256: "f86905ccf31b15c2fbf088c80903ee87f879160605f7887c1784cb4bcfbc07ca",
    source: "trained for this project, see cards/face_parsing_open.md",
    licence: "Apache-2.0",
    input: "rgb: 1x3x384x288 f32, RGB planes, a crop whose scale the width of the face fixes",
    normalisation: "value / 255",
    outputs: &[
        "logits: 1x14x96x72 f32, one plane per class at a quarter of the input's size",
        "attribute_logits: 1x15 f32: glasses, covered face, covered head, no collar, hood, bare shoulders, necklace, right and left ear out of sight, make-up, stray hair, patterned clothes, reflections in glasses, earring at right and left ear",
    ],
};

/// See `cards/ear_state_open.md`.
#[cfg(not(feature = "nets-research"))]
pub static EAR_STATE: Net = Net {
    name: "ear_state_open",
    bytes: include_bytes!("../onnx/ear_state_open.onnx"),
    sha256: "36736bef8c272403dce41c7b7d735c6a9712c179f089e03b90e5ae72042bbd86",
    source: "trained for this project, see cards/ear_state_open.md",
    licence: "Apache-2.0",
    input: "ear: 2x3x192x112 f32, RGB planes, aligned crops of the subject's right side of the head and of the left one mirrored",
    normalisation: "value / 255",
    outputs: &[
        "logits: 2x2 f32, per side the logits that an ear is visible and that there is an earring",
    ],
};

/// Every net, in the order of the manifest.
pub static NETS: [&Net; 7] = [
    &FACE_DETECTION_SHORT_RANGE,
    &FACE_DETECTION_FULL_RANGE_SPARSE,
    &FACE_MESH,
    &FACE_MESH_REFINEMENT,
    &FACE_PARSING,
    &EYE_STATE,
    &EAR_STATE,
];

/// SHA-256 over the bytes of all nets in that order, in hex.
#[cfg(feature = "nets-research")]
pub static NETS_SHA256: &str =
    "5a544c3ca06ea21baa34f4ca253ee8f5dc6edf7b31391478be39ae2cd5d3c400";

/// Rules of `gradphoto`, by id, that these nets tell too poorly for a verdict.
#[cfg(feature = "nets-research")]
pub static UNTOLD: &[&str] = &[];

/// SHA-256 over the bytes of all nets in that order, in hex.
#[cfg(not(feature = "nets-research"))]
pub static NETS_SHA256: &str =
    "f5583e408b8cb9c04992a383a782c24bacb254a79f9d08102226ca71e2aec61e";

/// Rules of `gradphoto`, by id, that these nets tell too poorly for a verdict.
#[cfg(not(feature = "nets-research"))]
pub static UNTOLD: &[&str] = &["glasses-frame", "glasses-glare", "hair-tidy", "necklace-absent", "shoulders-covered"];
