"""The form of synoptic reports, of any system: pairs of an element and its response, judged where they are printed."""
