//! Written from `manifest.toml` by `UPDATE=1 cargo test -p gradphoto-models`.

use crate::Net;

/// See `cards/face_detection_short_range.md`.
pub static FACE_DETECTION_SHORT_RANGE: Net = Net {
    name: "face_detection_short_range",
    bytes: include_bytes!("../onnx/face_detection_short_range.onnx"),
    sha256: "0cae88bce5fc68a2782fe18fbcc96732cc9db27cef3d582ddc413bf55ab86155",
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
    sha256: "882559ce3f00ca275f17587467642ad3c896e7d95c1ae2e55243ff32d34a5614",
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
    sha256: "28206be2dccfd21ff0f93281579d58d813879907ed1cbd8c6250df1359a43dc3",
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
    sha256: "0bd933c36a4c1f50e751c3281781d0de5d2256f17e5e25e14e56972278a31e70",
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
pub static FACE_PARSING: Net = Net {
    name: "face_parsing",
    bytes: include_bytes!("../onnx/face_parsing.onnx"),
    sha256: "0a7fdffa17ffe266578e644025a301c089052c63db6c236a5563badabfa821be",
    source: "trained for this project, see cards/face_parsing.md",
    licence: "LicenseRef-NonCommercial-Research",
    input: "rgb: 1x3x384x288 f32, RGB planes, a crop whose scale the width of the face fixes",
    normalisation: "value / 255",
    outputs: &[
        "logits: 1x14x96x72 f32, one plane per class at a quarter of the input's size",
        "attribute_logits: 1x11 f32: glasses, covered face, covered head, no collar, hood, bare shoulders, necklace, right and left ear out of sight, make-up, stray hair",
    ],
};

/// See `cards/eye_state.md`.
pub static EYE_STATE: Net = Net {
    name: "eye_state",
    bytes: include_bytes!("../onnx/eye_state.onnx"),
    sha256: "ef3ae4d9af74f54d61c183b54c5bceb4ebbd07c19d1a4e467b25de604fed32cd",
    source: "trained for this project, see cards/eye_state.md",
    licence: "LicenseRef-NonCommercial-Research",
    input: "eye: 2x3x32x48 f32, RGB planes, aligned crops of the subject's right eye and of the left one mirrored",
    normalisation: "value / 255",
    outputs: &[
        "open_logit: 2x1 f32, logit that the eye is open",
    ],
};

/// See `cards/glasses.md`.
pub static GLASSES: Net = Net {
    name: "glasses",
    bytes: include_bytes!("../onnx/glasses.onnx"),
    sha256: "2c0c847e9327b2d364ee04d565636c951fd64be2acd2ca3cd19625d08a3e82da",
    source: "trained for this project, see cards/glasses.md",
    licence: "LicenseRef-NonCommercial-Research",
    input: "eyes: 1x3x64x128 f32, RGB planes, an aligned crop 2.4 times as wide as the eyes are apart",
    normalisation: "value / 255",
    outputs: &[
        "glasses_logit: 1x1 f32, logit that glasses are worn",
    ],
};

/// See `cards/head_cover.md`.
pub static HEAD_COVER: Net = Net {
    name: "head_cover",
    bytes: include_bytes!("../onnx/head_cover.onnx"),
    sha256: "9af86c4f54cffe6f79823f887bb1a2c3450e2fe43d23be80121b4e1eb236ba8b",
    source: "trained for this project, see cards/head_cover.md",
    licence: "LicenseRef-NonCommercial-Research",
    input: "head: 1x3x96x96 f32, RGB planes, an aligned crop 4.6 times as wide as the eyes are apart",
    normalisation: "value / 255",
    outputs: &[
        "cover_logits: 1x2 f32, logits that the head is covered and that the face is",
    ],
};

/// See `cards/ear_state.md`.
pub static EAR_STATE: Net = Net {
    name: "ear_state",
    bytes: include_bytes!("../onnx/ear_state.onnx"),
    sha256: "c8e6b71c56a8a57d080096f8a19f97bab33a9ae4b4d389d8e9abb2cc75c81b03",
    source: "trained for this project, see cards/ear_state.md",
    licence: "LicenseRef-NonCommercial-Research",
    input: "ear: 2x3x192x112 f32, RGB planes, aligned crops of the subject's right side of the head and of the left one mirrored",
    normalisation: "value / 255",
    outputs: &[
        "logits: 2x2 f32, per side the logits that an ear is visible and that there is an earring",
    ],
};

/// Every net, in the order of the manifest.
pub static NETS: [&Net; 9] = [
    &FACE_DETECTION_SHORT_RANGE,
    &FACE_DETECTION_FULL_RANGE_SPARSE,
    &FACE_MESH,
    &FACE_MESH_REFINEMENT,
    &FACE_PARSING,
    &EYE_STATE,
    &GLASSES,
    &HEAD_COVER,
    &EAR_STATE,
];

/// SHA-256 over the bytes of all nets in that order, in hex.
pub static NETS_SHA256: &str =
    "c1396ef30b4404f93e7f05bfb10d048548f77a712e28a252413d44f666963ce2";
