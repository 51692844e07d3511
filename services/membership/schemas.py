"""What commands and questions must look like at the edge, where the plain field kinds do not say enough."""

from lastmile.kernel.domain.fields import schema_of
from services.membership.admission import JoinMember, RegisterMember
from services.membership.identity_number import IdentityNumber
from services.membership.transfer import AcceptTransfer

SCHEMAS = {
    kind.__name__: schema_of(kind, identity_number=IdentityNumber())
    for kind in (RegisterMember, JoinMember, AcceptTransfer)
}
