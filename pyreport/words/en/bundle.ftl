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
comment-origin = Frame { $frame } of { $file }
attach-too-big = The frames and the JSON are not inside the PDF, since they have more than { $most } MB: use --bundle.
verify-file = { $state ->
    [changed] changed: { $name }
    [missing] missing: { $name }
    [added] added: { $name }
   *[same] as it was: { $name }
}
verify-made = Made by { $generator } { TIME($made, digits: 0) } of the capture { $file } (SHA-256 { $digest }).
verify-manifest = SHA-256 of the manifest: { $digest }
verify-same = { $files ->
    [one] 1 file is as the manifest says.
   *[other] All { $files } files are as the manifest says.
}
