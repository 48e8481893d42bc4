"""What the two programs said to each other last: who spoke last and, in clear text, what was asked (Kafka) or why an
end closed (``farewells``).

``last_messages`` goes by lengths and sequence numbers and works for any payload; ``kafka_messages`` asks tshark's own
Kafka dissector about one connection.
"""
