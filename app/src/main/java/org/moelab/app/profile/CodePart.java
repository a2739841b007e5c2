package org.moelab.app.profile;

/// What the page of a profiled kernel shows.
enum CodePart {
    FIGURES("Figures"), SASS("SASS"), SOURCE("Source");

    private final String title;

    CodePart(String title) {
        this.title = title;
    }

    /// The word on its button.
    String title() {
        return title;
    }
}
