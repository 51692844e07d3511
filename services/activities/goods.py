"""An order (订购) of goods that are handed out later."""

from datetime import date

from lastmile.kernel.domain.aggregate import Aggregate
from lastmile.kernel.domain.events import command, event
from lastmile.kernel.domain.failures import Refused
from lastmile.kernel.domain.fields import Fen, Id, Quantity, Word
from services.activities.once import evolve_once, once

# These shapes are kept for ever.


@event()
class GoodsOrdered:
    """Goods were ordered at this cost in all."""

    order_id: Id
    item: Word
    quantity: Quantity
    cost_fen: Fen
    occurred_on: date


@command
class OrderGoods:
    """Enter an order of goods and what it costs in all."""

    order_id: Id
    item: Word
    quantity: Quantity
    cost_fen: Fen
    occurred_on: date


class OrderIdTaken(Refused):
    """Another order has this id."""


def order_goods(command: OrderGoods, order: GoodsOrdered | None) -> list[GoodsOrdered]:
    ordered = GoodsOrdered(
        order_id=command.order_id,
        item=command.item,
        quantity=command.quantity,
        cost_fen=command.cost_fen,
        occurred_on=command.occurred_on,
    )
    return once(order, ordered, OrderIdTaken(f"the order id {command.order_id} is taken", order_id=command.order_id))


goods_order = Aggregate("goods_order", None, evolve_once, GoodsOrdered)
