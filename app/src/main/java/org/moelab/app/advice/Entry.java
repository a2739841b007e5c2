package org.moelab.app.advice;

import org.moelab.traces.advice.Finding;

/// A finding as a line of the page.
///
/// @param source what it was found in: a layer of a run, or a recording
record Entry(String source, Finding finding) {}
