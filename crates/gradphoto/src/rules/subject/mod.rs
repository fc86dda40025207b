//! Rules on the person.
