# What goes with a report: comments on packets, tables, the bundle and its check.

comment-capture = Comments by pyreport { $version } on the capture { $file } (SHA-256 { $digest }).
progress-comments = Writing the comments …
annotate-done = { $comments ->
    [0] Nothing was found, so no frame has a comment.
    [one] 1 comment on { $frames ->
        [one] 1 frame
       *[other] { $frames } frames
    }.
   *[other] { $comments } comments on { $frames ->
        [one] 1 frame
       *[other] { $frames } frames
    }.
}
