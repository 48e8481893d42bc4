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
redaction-removed = { $packets ->
    [one] Redacted: the payload of 1 packet ({ $bytes } bytes)
   *[other] Redacted: the payload of { $packets } packets ({ $bytes } bytes)
    }, { $addresses } IP addresses, { $macs } hardware addresses, { $ports } ports, { $names } names and words, { $options } comments, names and keys in the file.
redaction-told = The capture was redacted before it was read: addresses and names here are stand-ins, the same for the same, and the payload is gone. So this report cannot tell what the programs said. Frame numbers, times, lengths and sequence numbers are those of the original.
redaction-key = The key that maps the stand-ins back is in { $path }: keep it, and do not send it along.
