-- SPDX-License-Identifier: GPL-2.0-or-later

local tls = require "keepalive_tls"

describe("the payload of a TLS alert", function()
    it("begins with its content type and the major number of a TLS version (RFC 8446, 5.1)", function()
        for _, payload in ipairs({ { 31, 21, 3, true }, { 7, 21, 3, true }, { 31, 22, 3, false }, { 31, 21, 2, false },
            { 31, 21, 20, false }, { 31, 3, 21, false }, { 0, nil, nil, false } }) do
            local len, content_type, major, is_alert = payload[1], payload[2], payload[3], payload[4]
            assert.are.equal(is_alert, tls.begins_alert(len, content_type, major))
            assert.are.equal(is_alert, tls.is_alert({ len = len, first_octets = function() return content_type, major end }))
        end
    end)

    it("is, encrypted by TLS 1.3, a record of application data of one length (RFC 8446, 5.2)", function()
        for len, is_alert in pairs { [23] = false, [24] = true, [25] = false } do
            assert.are.equal(is_alert, tls.begins_alert(len, 23, 3))
            assert.is_false(tls.begins_alert(len, 23, 2))
        end
    end)
end)
