-- SPDX-License-Identifier: GPL-2.0-or-later
--
-- The one thing that is read of what TCP carries: whether a segment's payload begins like a TLS alert, with which a side
-- says that it closes (close_notify, RFC 8446 section 6.1).

local tls = {}

-- TLS record header (RFC 8446 section 5.1): content type 21 is an alert, the legacy version's major number is 3.
-- TLS 1.3 sends alerts in records of type 23 (section 5.2): 5 bytes of header, 2 of alert, 1 of type, 16 of tag.
local ALERT, ENCRYPTED, MAJOR = 21, 23, 3
local ENCRYPTED_ALERT_LENGTH = 24

--- No alert is longer: 5 bytes of header, and with AES-CBC and HMAC-SHA384 16 of IV and 64 of alert, tag and padding.
tls.LONGEST_ALERT = 85

--- Whether a payload of `len` bytes begins like a TLS alert, when these are its first octets (nil where there are none).
function tls.begins_alert(len, content_type, major)
    return major == MAJOR and (content_type == ALERT or content_type == ENCRYPTED and len == ENCRYPTED_ALERT_LENGTH)
end

--- The same of a segment's payload.
function tls.is_alert(segment)
    return tls.begins_alert(segment.len, segment.first_octets())
end

return tls
