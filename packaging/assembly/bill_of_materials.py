"""The bill of materials (SBOM) of a folder, as CycloneDX JSON."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component as BillComponent
from cyclonedx.model.component import ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from assembly.components import Component

if TYPE_CHECKING:
    from collections.abc import Iterable


def bill_of_materials(name: str, version: str, components: Iterable[Component]) -> bytes:
    """Return the bill of a folder, CycloneDX 1.6.

    The same components give the same bytes: it has no time, as the folder has none.
    """
    bill = Bom()
    program = Component(name, version, "MIT", "", ())
    bill.metadata.component = _entry(program, kind=ComponentType.APPLICATION)
    for component in components:
        entry = _entry(component)
        bill.components.add(entry)
        bill.register_dependency(bill.metadata.component, [entry])
        bill.register_dependency(entry, [])
    bill.serial_number = uuid.UUID(int=0)
    document: dict[str, Any] = json.loads(JsonV1Dot6(bill).output_as_string())
    del document["metadata"]["timestamp"]
    content = json.dumps(document, ensure_ascii=False, sort_keys=True)
    document["serialNumber"] = uuid.uuid5(uuid.NAMESPACE_URL, content).urn
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def _entry(
    component: Component, within: str = "", kind: ComponentType = ComponentType.LIBRARY
) -> BillComponent:
    """Return the entry of a component, with those of its parts.

    Its reference tells parts of the same name, in different components, apart.
    """
    name = component.purl or f"{component.name}@{component.version}"
    entry = BillComponent(
        name=component.name,
        version=component.version or None,
        type=kind,
        bom_ref="/".join(filter(None, (within, name))),
        purl=PackageURL.from_string(component.purl) if component.purl else None,
        licenses=[LicenseFactory().make_from_string(component.licence)],
    )
    if component.sha256:
        entry.hashes.add(HashType(alg=HashAlgorithm.SHA_256, content=component.sha256))
    for part in component.parts:
        entry.components.add(_entry(part, component.name))
    return entry
