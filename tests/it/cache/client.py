"""Uses a cache as a program written in Python would: redis-py with its default settings. Argument: the port."""

import sys

import redis

client = redis.Redis(port=int(sys.argv[1]), decode_responses=True)
assert client.ping()
client.flushall()

assert client.set("name", "value", ex=100)
assert client.get("name") == "value"
assert 0 < client.ttl("name") <= 100
assert client.set("name", "other", nx=True) is None
assert client.getdel("name") == "value"
assert client.get("name") is None

assert client.hset("cart", mapping={"a": "1", "b": "2"}) == 2
assert client.hgetall("cart") == {"a": "1", "b": "2"}
assert client.hincrby("cart", "a", 4) == 5
assert dict(client.hscan_iter("cart", match="a*")) == {"a": "5"}
assert client.sadd("seen", "x", "y") == 2
assert client.smembers("seen") == {"x", "y"}

with client.pipeline() as pipeline:  # MULTI and EXEC around it
    pipeline.set("count", 1).incrby("count", 41).get("count").hgetall("cart")
    assert pipeline.execute() == [True, 42, "42", {"a": "5", "b": "2"}]

with client.pipeline() as pipeline:
    pipeline.watch("count")
    pipeline.multi()
    pipeline.incr("count")
    client.set("count", 7)  # another connection of the pool
    try:
        pipeline.execute()
        raise AssertionError("a watched key was changed")
    except redis.WatchError:
        pass
assert client.get("count") == "7"

client.mset({f"key:{number}": number for number in range(250)})
assert sorted(client.scan_iter(match="key:*", count=7)) == sorted(f"key:{number}" for number in range(250))
try:
    client.incr("cart")
    raise AssertionError("a hash is no number")
except redis.ResponseError as error:
    assert str(error).startswith("WRONGTYPE") or "wrong kind of value" in str(error)
assert client.info()["redis_version"]
assert client.client_info()["db"] in (0, "0")
assert client.config_get("maxmemory") == {"maxmemory": "0"}
client.select(3)
client.close()
print("redis-py", redis.__version__, "is content")
