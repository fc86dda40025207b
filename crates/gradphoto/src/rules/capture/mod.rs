//! Rules on light, colour and background: the photographer must act.
