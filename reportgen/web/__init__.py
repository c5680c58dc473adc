"""The sign-out desk: a page on this machine where a case is filled and its report is watched forming."""
