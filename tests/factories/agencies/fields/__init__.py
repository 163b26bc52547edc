"""Every field of work by the name that the directory uses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.factories.agencies.fields import care, learning, order, works

if TYPE_CHECKING:
    from tests.factories.agencies.fields.field import Field

FIELDS: Final[dict[str, Field]] = {
    "education": learning.EDUCATION,
    "high_school": learning.HIGH_SCHOOL,
    "primary_school": learning.PRIMARY_SCHOOL,
    "kindergarten": learning.KINDERGARTEN,
    "library": learning.LIBRARY,
    "museum": learning.MUSEUM,
    "culture": learning.CULTURE,
    "health": care.HEALTH,
    "hospital": care.HOSPITAL,
    "welfare": care.WELFARE,
    "labour": care.LABOUR,
    "animals": care.ANIMALS,
    "works": works.WORKS,
    "traffic": works.TRAFFIC,
    "environment": works.ENVIRONMENT,
    "plant": works.PLANT,
    "water": works.WATER,
    "building": works.BUILDING,
    "land": works.LAND,
    "police": order.POLICE,
    "fire": order.FIRE,
    "civil": order.CIVIL,
    "district": order.DISTRICT,
    "households": order.HOUSEHOLDS,
    "tax": order.TAX,
    "industry": order.INDUSTRY,
    "staff": order.STAFF,
}
