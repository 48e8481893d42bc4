"""What the two programs said to each other last: who spoke last and, where it is Kafka in clear text, what was asked.

``last_messages`` goes by lengths and sequence numbers and works for any payload; ``kafka_messages`` asks tshark's own
Kafka dissector about one connection.
"""
