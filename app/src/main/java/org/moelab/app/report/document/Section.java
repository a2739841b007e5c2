package org.moelab.app.report.document;

import java.util.List;

/// A chapter of a document.
///
/// @param id of its own in the document, for anchors: lower case letters and dashes
public record Section(String id, String title, List<Block> blocks) {
    public Section {
        blocks = List.copyOf(blocks);
    }
}
