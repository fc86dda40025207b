//! Rules on the file: the software that writes it must act.
