import {
  type ColumnDefinitionNode,
  DataTypeNode,
  type KyselyPlugin,
  type OperationNode,
  OperationNodeTransformer,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  RawNode,
} from 'kysely';

/**
 * Gives the columns that migrations make in PostgreSQL the meaning that they have in SQLite: `integer` holds 64 bits, and `text`
 * sorts by code points, whatever the database's own collation.
 */
export class ColumnsAsInSqlite implements KyselyPlugin {
  readonly #transformer = new Transformer();

  transformQuery({ node }: PluginTransformQueryArgs) {
    return this.#transformer.transformNode(node);
  }

  async transformResult({ result }: PluginTransformResultArgs) {
    return result;
  }
}

class Transformer extends OperationNodeTransformer {
  protected override transformColumnDefinition(node: ColumnDefinitionNode): ColumnDefinitionNode {
    const transformed = super.transformColumnDefinition(node);
    return { ...transformed, dataType: typeAsInSqlite(transformed.dataType) };
  }
}

function typeAsInSqlite(type: OperationNode): OperationNode {
  if (!DataTypeNode.is(type)) return type;
  if (type.dataType === 'integer') return DataTypeNode.create('bigint');
  if (type.dataType === 'text') return RawNode.createWithSql('text collate "C"');
  return type;
}
