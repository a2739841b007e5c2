package org.moelab.app.timeline;

/// What lies under the pointer.
///
/// @param rowId the row
/// @param event the event: the one that holds the time under the pointer, or the nearest within reach
/// @param sharing how many events of its level touch the pixel under the pointer, at least 1
public record Hit(int rowId, int event, int sharing) {}
