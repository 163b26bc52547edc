"""The bill of materials (SBOM) of a folder, as CycloneDX JSON; the same parts give the same bytes."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

from cyclonedx.factory.license import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component as BillComponent
from cyclonedx.model.component import ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from assembly.components import Component


def bill_of_materials(name: str, version: str, components: Iterable[Component]) -> bytes:
    """Return the bill of a folder, CycloneDX 1.6; it has no time, as the folder has none."""
    bill = Bom()
    bill.metadata.component = _entry(name, version, "", "MIT", ComponentType.APPLICATION)
    for component in components:
        entry = _of(component)
        bill.components.add(entry)
        bill.register_dependency(bill.metadata.component, [entry])
        bill.register_dependency(entry, [])
    bill.serial_number = uuid.UUID(int=0)
    document: dict[str, Any] = json.loads(JsonV1Dot6(bill).output_as_string())
    del document["metadata"]["timestamp"]
    content = json.dumps(document, ensure_ascii=False, sort_keys=True)
    document["serialNumber"] = uuid.uuid5(uuid.NAMESPACE_URL, content).urn
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _of(component: Component, within: str = "") -> BillComponent:
    """Return the entry of a component, with those of its parts."""
    entry = _entry(
        component.name,
        component.version,
        component.purl,
        component.licence,
        ComponentType.LIBRARY,
        within,
    )
    if component.sha256:
        entry.hashes.add(HashType(alg=HashAlgorithm.SHA_256, content=component.sha256))
    for part in component.parts:
        entry.components.add(_of(part, component.name))
    return entry


def _entry(
    name: str, version: str, purl: str, licence: str, kind: ComponentType, within: str = ""
) -> BillComponent:
    """Return an entry of a bill; its reference tells parts of the same name apart."""
    return BillComponent(
        name=name,
        version=version or None,
        type=kind,
        bom_ref="/".join(filter(None, (within, purl or f"{name}@{version}"))),
        purl=PackageURL.from_string(purl) if purl else None,
        licenses=[LicenseFactory().make_from_string(licence)],
    )
