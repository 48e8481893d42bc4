# Numbers, durations, times, and what the ends of a connection are called.

# What stands between two sentences of a paragraph (the quotes do not count).
between-sentences = " "

duration-nanoseconds = { $n0 } ns
duration-microseconds = { $n0 } µs
duration-milliseconds = { $n0 } ms
duration-seconds = { $n0 } s
duration-minutes = { NUMBER($n0, useGrouping: 0) } min { NUMBER($n1, minimumIntegerDigits: 2) } s
duration-hours = { NUMBER($n0, useGrouping: 0) } h { NUMBER($n1, minimumIntegerDigits: 2) } min { NUMBER($n2, minimumIntegerDigits: 2) } s
duration-days = { NUMBER($n0, useGrouping: 0) } d { NUMBER($n1, minimumIntegerDigits: 2) } h { NUMBER($n2, minimumIntegerDigits: 2) } min
# Durations that somebody set, in whole minutes, hours or days.
set-minutes = { NUMBER($n0, useGrouping: 0) } min
set-hours = { NUMBER($n0, useGrouping: 0) } h
set-days = { NUMBER($n0, useGrouping: 0) } days

# A date (2022-09-30), a time of day and the offset of its zone from UTC (+08:00).
moment-in-utc = { $date } { $clock } UTC
moment-in-zone = { $date } { $clock } { $offset }

number-0 = no
number-1 = one
number-2 = two
number-3 = three
number-4 = four
number-5 = five
number-6 = six
number-7 = seven
number-8 = eight
number-9 = nine
number-10 = ten
number-11 = eleven
number-12 = twelve

party-client = the client
party-server = the server
party-a = side A
party-b = side B
