// What the kernels of the experts share.
#pragma once

/// Some tokens of one expert, as `sort_slots` lists them: `first` and `count` are places in the order sorted by expert.
struct ExpertTile {
    int expert;
    int first;
    int count;
    int unused;
};
