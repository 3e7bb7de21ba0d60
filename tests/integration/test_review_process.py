"""The review service as a real process, between two topics of a real Kafka."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import httpx
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from deploy.local.credentials import Credentials
from shared.basics.ids import new_id
from shared.contracts.envelope import headers_of
from shared.contracts.event import Origin
from shared.identity.tokens import Tokens
from shared.program.registry import SERVICES
from tests.helpers import broker
from tests.helpers.review_cases import MONDAY, person, submitted
from tests.helpers.servers import Database
from tests.helpers.site import RunningSite
from tests.integration.test_review_opinions import FAVOURABLE


async def publish(kafka: str, topic: str, key: bytes, value: bytes, headers: list[tuple[str, bytes]]) -> None:
    async with AIOKafkaProducer(bootstrap_servers=kafka) as producer:
        await producer.send_and_wait(topic, value=value, key=key, headers=headers)


async def answers(kafka: str, topic: str, count: int) -> list[str]:
    """The types of the first messages of a topic."""
    consumer = AIOKafkaConsumer(topic, bootstrap_servers=kafka, auto_offset_reset="earliest")
    async with asyncio.timeout(60), consumer:
        messages = [await anext(consumer) for _ in range(count)]
    return [dict(message.headers)["ce_type"].decode().split(".")[1] for message in messages]


def test_a_request_on_kafka_opens_a_review_that_a_reviewer_finds(
    create_database: Callable[[str], Database], catalogue_topics: str, credentials: Credentials, tmp_path: Path
) -> None:
    databases = {service: create_database(service) for service in SERVICES}
    site = RunningSite(databases, catalogue_topics, credentials, tmp_path)
    site.start("review")
    try:
        event = submitted()
        origin = Origin(
            event_id=new_id(), source="request", time=MONDAY, correlation_id=new_id(), causation_id=new_id(), sequence=1
        )
        headers = headers_of(event.type, str(event.case_id), origin)
        data = event.model_dump_json().encode()
        broker.run_apart(publish(catalogue_topics, event.topic, str(event.case_id).encode(), data, headers))
        token = Tokens(credentials.session_secret).issue(person("rssi"), 3600).token
        deadline = time.monotonic() + 60
        with httpx.Client(
            base_url=site.url("review"), headers={"Authorization": f"Bearer {token}"}, timeout=10
        ) as http:
            while not http.get("/instruction/api/reviews").json()["reviews"]:
                assert time.monotonic() < deadline, site.log("review")
            taken = http.post(f"/instruction/api/reviews/{event.case_id}/checks/security/opinion", json=FAVOURABLE)
        assert taken.status_code == 200, taken.text
        said: list[str] = []

        async def listen() -> None:
            said.extend(await answers(catalogue_topics, "case.reviews", 2))

        broker.run_apart(listen())
        assert said == ["review-opened", "opinion-given"]
    finally:
        site.stop()
